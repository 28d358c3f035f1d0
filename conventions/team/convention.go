// Package team opens conventions: gazr, that of a file, and published ones, with the plugins, templates and defaults that
// they bring.
//
// A published convention is an archive: convention.toml, project.lock with the digests of what it extends and of its
// published plugins, and the plugins and templates that are files of it. The project pins the archive, so one digest says
// what all of it is. Who opens a convention says where archives come from: the store of a machine, or a registry as well.
package team

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/archive"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
)

// File is the name of the file of a convention in its archive.
const File = "convention.toml"

// A Convention is one that a project may use.
type Convention struct {
	*conventions.Convention
	// Ref and Digest are those of a published one.
	Ref, Digest string
	// Base is the one that it extends; nil if that is gazr, or if it is gazr itself.
	Base *Convention
	// Lock pins what it extends and its published plugins; nil if nothing does.
	Lock *project.Lock

	archive   fs.FS  // of a published one
	root, dir string // of one in a file: the folder of the project, and that of the file, relative to it
}

// A Source has conventions.
type Source struct {
	// Dir is the folder of the project, which files are in.
	Dir string
	// Lock is that of the project; nil if there is none.
	Lock *project.Lock
	// Read returns the archive of a published convention.
	Read func(ref string, b blobs.Blob) ([]byte, error)
}

// Open returns the convention of a name, as project.toml has it.
func (s Source) Open(name string) (*Convention, error) { return s.open(name, 0) }

// maxBases is how many conventions a convention may extend, one after the other.
const maxBases = 8

func (s Source) open(name string, depth int) (*Convention, error) {
	switch {
	case depth > maxBases:
		return nil, fault.Preconditionf("", "it extends more than %d conventions", maxBases)
	case project.ValidReference(name):
		return s.published(name, depth)
	case conventions.IsFile(name) && s.Dir != "":
		return s.file(name, depth)
	}
	c, err := conventions.Load(name)
	return &Convention{Convention: c}, err
}

// file returns the convention in a file of the project. The project pins what it needs.
func (s Source) file(name string, depth int) (*Convention, error) {
	data, err := regular.ReadInside(s.Dir, path.Clean(filepath.ToSlash(name)), regular.Config)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %s", name, regular.Reason(err))
	}
	c := &Convention{Lock: s.Lock, root: s.Dir, dir: path.Dir(path.Clean(name))}
	return c, c.parse(name, data, s, depth)
}

// published returns a published convention.
func (s Source) published(ref string, depth int) (*Convention, error) {
	digest := s.Lock.ConventionDigest(ref)
	if digest == "" {
		return nil, blobs.NewUnpinnedError(blobs.Convention, ref, ref)
	}
	data, err := s.Read(ref, blobs.Blob{Kind: blobs.Convention, Digest: digest})
	if err != nil {
		return nil, err
	}
	return s.unpack(ref, digest, data, depth)
}

// Unpack returns the convention of an archive, which a reference and a digest name.
func (s Source) Unpack(ref, digest string, data []byte) (*Convention, error) {
	return s.unpack(ref, digest, data, 0)
}

func (s Source) unpack(ref, digest string, data []byte, depth int) (*Convention, error) {
	c := &Convention{Ref: ref, Digest: digest}
	files, err := archive.Open(data)
	if err != nil {
		return nil, fault.Preconditionf("", "convention %q (%s) cannot be used: %v", ref, blobs.Short(digest), err)
	}
	c.archive = files
	text, err := c.read(File, regular.Config)
	if err != nil {
		return nil, fault.Preconditionf("", "convention %q (%s) cannot be used: it has no %s", ref, blobs.Short(digest), File)
	}
	lock, err := c.read(project.LockFile, regular.Lock)
	if err == nil {
		c.Lock, err = project.ParseLock(lock)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Preconditionf("", "convention %q (%s): %v", ref, blobs.Short(digest), err)
	}
	return c, c.parse(ref, text, Source{Lock: c.Lock, Read: s.Read}, depth)
}

// parse sets what a file says. What it extends is in the source.
func (c *Convention) parse(name string, data []byte, s Source, depth int) (err error) {
	c.Convention, err = conventions.Parse(name, data, func(base string) (*conventions.Convention, error) {
		opened, err := s.open(base, depth+1)
		if err != nil {
			return nil, err
		}
		if opened.Base != nil || opened.Ref != "" || opened.dir != "" {
			c.Base = opened
		}
		return opened.Convention, nil
	})
	return err
}

// read returns a file of the archive.
func (c *Convention) read(name string, limit int64) ([]byte, error) {
	info, err := fs.Stat(c.archive, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s is larger than %d MiB", name, limit>>20)
	}
	return fs.ReadFile(c.archive, name)
}

// chain returns the convention and those that it extends, the first of them first.
func (c *Convention) chain() (all []*Convention) {
	if c.Base != nil {
		all = c.Base.chain()
	}
	return append(all, c)
}

// Published returns the convention and those that it extends, as far as they are published.
func (c *Convention) Published() (all []*Convention) {
	for _, one := range c.chain() {
		if one.Ref != "" {
			all = append(all, one)
		}
	}
	return all
}

// A Plugin is what a convention says of a plugin.
type Plugin struct {
	conventions.Plugin
	// Digest is that of a published one; "" if nothing pins it.
	Digest string

	of *Convention
}

// File returns the module of a plugin that is a file.
func (p Plugin) File() ([]byte, error) {
	if p.Archived() {
		return p.of.read(path.Clean(p.From), blobs.MaxSize)
	}
	return regular.ReadInside(p.of.root, path.Clean(p.From), blobs.MaxSize)
}

// Archived reports whether the plugin is a file of an archive.
func (p Plugin) Archived() bool { return p.From != "" && !p.Published() && p.of.archive != nil }

// Plugins returns what a convention and those that it extends say of plugins, by name. The file of a convention of the
// project is a file of the project.
func (c *Convention) Plugins() map[string]Plugin {
	all := map[string]Plugin{}
	for _, one := range c.chain() {
		for name, p := range one.Convention.Plugins {
			all[name] = all[name].over(one, p)
		}
	}
	return all
}

// over returns what becomes of a plugin by what a convention says of it.
func (p Plugin) over(c *Convention, own conventions.Plugin) Plugin {
	p.Config, p.Off = Configured(p.Config, own.Config), p.Off || own.Off
	if own.From == "" {
		return p
	}
	p.of, p.From, p.Digest = c, own.From, ""
	switch {
	case own.Published():
		p.Digest = c.Lock.PluginDigest(own.From)
	case c.archive == nil:
		p.From = "./" + path.Join(c.dir, own.From)
	}
	return p
}

// Configured returns the configuration of a plugin in which the keys of another one come first.
func Configured(config, own map[string]any) map[string]any {
	if len(config) == 0 {
		return own
	}
	all := maps.Clone(config)
	maps.Copy(all, own)
	return all
}

// Defaults returns the defaults of a convention, and of those that it extends where it has none.
func (c *Convention) Defaults() (d conventions.Defaults) {
	for _, one := range c.chain() {
		own := one.Convention.Defaults
		d.On, d.Env, d.Registry = cmp.Or(own.On, d.On), cmp.Or(own.Env, d.Env), cmp.Or(own.Registry, d.Registry)
		if own.Hide != nil {
			d.Hide = own.Hide
		}
		if own.Ignore != nil {
			d.Ignore = own.Ignore
		}
	}
	return d
}

// A Template is a template that a convention brings.
type Template struct {
	// Files are those of a template in an archive; nil for a folder of the project.
	Files fs.FS
	// Dir is the folder, relative to the project.
	Dir string
	// Of is the convention that has it.
	Of *Convention
}

// Templates returns the templates of a convention and of those that it extends, by name.
func (c *Convention) Templates() map[string]Template {
	all := map[string]Template{}
	for _, one := range c.chain() {
		for name, dir := range one.Convention.Templates {
			t := Template{Of: one, Dir: path.Join(one.dir, dir)}
			if one.archive != nil {
				t.Files, _ = fs.Sub(one.archive, path.Clean(dir)) // the path has been checked
			}
			all[name] = t
		}
	}
	return all
}
