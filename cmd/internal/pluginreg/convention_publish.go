package pluginreg

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/archive"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/templates/scaffold"
)

// A Convention is a published convention.
type Convention struct {
	Artifact
	Name    string `json:"name"`
	Version string `json:"published_version"`
	Summary string `json:"summary,omitempty"`
	Extends string `json:"extends"`
	// Plugins and Templates are the names of what it brings, with what it extends.
	Plugins   []string `json:"plugins"`
	Templates []string `json:"templates"`
}

// newConvention returns what is known of a convention.
func newConvention(a Artifact, c *team.Convention) *Convention {
	return &Convention{Artifact: a, Name: c.Name, Version: c.Version, Summary: c.Summary, Extends: c.Extends,
		Plugins: sortedKeys(c.Plugins()), Templates: sortedKeys(c.Templates())}
}

func sortedKeys[T any](m map[string]T) []string {
	names := []string{}
	return slices.AppendSeq(names, slices.Values(slices.Sorted(maps.Keys(m))))
}

// PublishConvention publishes the convention in a folder or a file, with the plugins and templates that it names, and signs
// it if there is a file with a key.
func (p Published) PublishConvention(ctx context.Context, file string, to Publication) (*Convention, error) {
	if err := p.ready(&to); err != nil {
		return nil, err
	}
	dir, name := filepath.Split(file)
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		dir, name = file, team.File
	}
	c, lock, err := p.openFile(ctx, dir, name)
	if err == nil {
		err = p.pullPlugins(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	files, err := filesOf(c, dir, name, lock)
	if err != nil {
		return nil, err
	}
	data, err := packed(files)
	if err != nil {
		return nil, err
	}
	a, err := p.push(ctx, to, blobs.Convention, data, annotations(c.Name, c.Version, c.Summary))
	return newConvention(a, c), err
}

// openFile returns a convention in a file, and the lock that pins what it needs: that of its folder, and what that does not
// pin.
func (p Published) openFile(ctx context.Context, dir, name string) (*team.Convention, *project.Lock, error) {
	text, err := read(dir, project.LockFile, regular.Lock)
	if err != nil {
		return nil, nil, err
	}
	lock := &project.Lock{Version: 1}
	if len(text) > 0 {
		if lock, err = project.ParseLock(text); err != nil {
			return nil, nil, err
		}
	}
	lock.Plugins, lock.Conventions = orEmpty(lock.Plugins), orEmpty(lock.Conventions)
	if err := p.pin(ctx, dir, name, lock, false); err != nil {
		return nil, nil, err
	}
	c, err := p.source(ctx, dir, lock).Open(name)
	return c, lock, asPrecondition(err)
}

// asPrecondition returns an error after which nothing was changed.
func asPrecondition(err error) error {
	if err == nil || fault.ChangedNothing(err) {
		return err
	}
	return fault.Preconditionf("", "%v", err)
}

// filesOf returns the files of the archive of a convention. What it names has been looked at.
func filesOf(c *team.Convention, dir, name string, lock *project.Lock) (map[string][]byte, error) {
	files := map[string][]byte{}
	text, err := regular.ReadInside(dir, name, regular.Config)
	if err != nil {
		return nil, err
	}
	files[team.File] = text
	pins := &project.Lock{Version: 1, Plugins: map[string]string{}, Conventions: map[string]string{}}
	if digest := lock.Conventions[c.Extends]; digest != "" {
		pins.Conventions[c.Extends] = digest
	}
	for plugin, b := range c.Convention.Plugins {
		switch {
		case b.Published() && lock.Plugins[b.From] != "":
			pins.Plugins[b.From] = lock.Plugins[b.From]
		case b.From != "" && !b.Published():
			module, err := loadModule(plugin, dir, b.From)
			if err != nil {
				return nil, err
			}
			files[path.Clean(b.From)] = module
		}
	}
	if len(pins.Plugins)+len(pins.Conventions) > 0 {
		files[project.LockFile] = pins.Format()
	}
	for _, template := range slices.Sorted(maps.Keys(c.Convention.Templates)) {
		folder := path.Clean(c.Convention.Templates[template])
		if err := addTemplate(files, filepath.Join(dir, filepath.FromSlash(folder)), template, folder); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// loadModule returns the bytes of a plugin in a file, which davit loads.
func loadModule(name, dir, file string) ([]byte, error) {
	m, err := plugins.Load(name, dir, file)
	if err == nil {
		err = m.Scan()
	}
	if err != nil {
		if !plugins.IsFailure(err) {
			err = fault.Preconditionf("davit plugin build makes it", "%q cannot be read: %s", file, regular.Reason(err))
		}
		return nil, err
	}
	return m.Bytes()
}

// addTemplate adds the files of a template to those of an archive, below a folder in it. The newest version is loaded first.
func addTemplate(files map[string][]byte, dir, name, folder string) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return fault.Preconditionf("", "there is no folder %q with a template", folder)
	}
	if err != nil {
		return fault.Preconditionf("", "template %q cannot be read: %s", name, regular.Reason(err))
	}
	defer root.Close()
	tree := regular.FS(root)
	versions, err := scaffold.Versions(name, tree)
	if err != nil {
		return err
	}
	for _, t := range versions {
		for file, text := range t.Sources() {
			files[path.Join(folder, file)] = []byte(text)
		}
	}
	return nil
}

// packed returns the archive of files, if it is small enough.
func packed(files map[string][]byte) ([]byte, error) {
	data, err := archive.Pack(files)
	if err == nil && len(data) > blobs.MaxSize {
		err = errors.New("it is too large")
	}
	if err == nil {
		_, err = archive.Open(data)
	}
	if err != nil {
		return nil, fault.Preconditionf("", "it cannot be published: %v", err)
	}
	return data, nil
}

// InspectConvention returns what is known of a published convention, without using it.
func (p Published) InspectConvention(ctx context.Context, ref string) (*Convention, error) {
	c, err := p.OpenConvention(ctx, "", ref)
	if err != nil {
		return nil, err
	}
	data, err := p.Store.Read(ref, blobs.Blob{Kind: blobs.Convention, Digest: c.Digest})
	return newConvention(Artifact{Ref: ref, Digest: c.Digest, Size: len(data)}, c), err
}

// OpenConvention returns the convention of a name: a published one as its tag is now, or as project.lock pins it where there
// is no network.
func (p Published) OpenConvention(ctx context.Context, dir, name string) (*team.Convention, error) {
	if !project.ValidReference(name) {
		c, _, err := p.openFile(ctx, dir, name)
		return c, err
	}
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	if pinned := f.pins.ConventionDigest(name); pinned == "" || p.online(name) == nil {
		if err := p.pinReference(ctx, blobs.Convention, name, f.pins); err != nil {
			return nil, err
		}
	}
	return p.source(ctx, dir, f.pins).Open(name)
}
