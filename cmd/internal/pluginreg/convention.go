package pluginreg

import (
	"context"
	"path"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/archive"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/strict"
)

// checkArchive returns an error about an archive that no davit would use.
func checkArchive(data []byte) error {
	_, err := archive.Open(data)
	if err != nil {
		return fault.Refusef("", "what was published cannot be used: %v", err)
	}
	return nil
}

// Use proposes that a project uses a published convention, pinned to what its tag is now.
func (p Published) Use(ctx context.Context, dir, ref string) (*Change, error) {
	if err := p.refer(ref); err != nil {
		return nil, err
	}
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	text, err := project.SetConvention(f.text, ref)
	if err != nil {
		return nil, err
	}
	was := f.pins.ConventionDigest(ref)
	c, err := p.changeConvention(ctx, f, ref, text)
	if err == nil && was != "" && was != c.Digest {
		return nil, fault.Refusef("davit convention update pins the other one", "%q is pinned to %s, and in the registry that tag is now %s",
			ref, blobs.Short(was), blobs.Short(c.Digest))
	}
	return c, err
}

// UpdateConvention proposes to pin the convention of a project to what its tag is now. Of a convention in a file, it pins what
// that extends and brings.
func (p Published) UpdateConvention(ctx context.Context, dir string) (*Change, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	name := f.config.Convention
	switch {
	case project.AddressDigest(name) != "":
		return nil, fault.Preconditionf("davit convention use takes another address", "the address of the convention names its digest itself")
	case project.ValidReference(name) || conventions.IsFile(name):
		return p.changeConvention(ctx, f, name, f.text)
	}
	return nil, fault.Preconditionf("davit convention use REF uses a published one", "the convention of this project is %s, which is a part of davit",
		conventions.Gazr().Name+"@"+conventions.Gazr().Version)
}

// changeConvention proposes to use a convention, pinned anew, in a project with a text.
func (p Published) changeConvention(ctx context.Context, f *files, name string, text []byte) (*Change, error) {
	change := &Change{Kind: blobs.Convention, Ref: name, Was: f.pins.ConventionDigest(name), dir: f.dir}
	before, err := p.source(ctx, f.dir, f.pins).Open(f.config.Convention)
	if err != nil { // it may be gone; what matters is the next one
		before, err = &team.Convention{Convention: conventions.Gazr()}, nil
	}
	if conventions.IsFile(name) {
		err = p.pin(ctx, f.dir, name, f.pins, true)
	} else {
		err = p.pinReference(ctx, blobs.Convention, name, f.pins)
	}
	if err != nil {
		return nil, err
	}
	c, err := p.source(ctx, f.dir, f.pins).Open(name)
	if err != nil {
		return nil, err
	}
	if err := p.pullPlugins(ctx, c); err != nil {
		return nil, err
	}
	change.Name, change.Version, change.Digest, change.Changes = c.Name, c.Version, c.Digest, before.Diff(c)
	change.Edits = f.edits(text)
	return change, nil
}

// pullPlugins downloads the published plugins of a convention.
func (p Published) pullPlugins(ctx context.Context, c *team.Convention) error {
	for name, b := range c.Plugins() {
		if !b.Published() {
			continue
		}
		if b.Digest == "" {
			return blobs.NewUnpinnedError(blobs.Plugin, name, b.From)
		}
		if _, err := p.pullPlugin(ctx, name, b.From, b.Digest); err != nil {
			return err
		}
	}
	return nil
}

// pinReference pins a reference to what it names now. An address has its pin in itself.
func (p Published) pinReference(ctx context.Context, kind blobs.Kind, ref string, lock *project.Lock) error {
	if project.AddressDigest(ref) != "" {
		return nil
	}
	digest, err := p.find(ctx, kind, ref)
	if err != nil {
		return err
	}
	if kind == blobs.Convention {
		lock.Conventions[ref] = digest
	} else {
		lock.Plugins[ref] = digest
	}
	return nil
}

// pin pins the references in a file with a convention, and with anew also those that have a pin.
func (p Published) pin(ctx context.Context, dir, file string, lock *project.Lock, anew bool) error {
	named, err := readReferences(dir, file)
	if err != nil {
		return err
	}
	if base := named.base(); base != "" && (anew || lock.ConventionDigest(base) == "") {
		if err := p.pinReference(ctx, blobs.Convention, base, lock); err != nil {
			return err
		}
	}
	for _, ref := range named.plugins() {
		if !anew && lock.PluginDigest(ref) != "" {
			continue
		}
		if err := p.pinReference(ctx, blobs.Plugin, ref, lock); err != nil {
			return err
		}
	}
	return nil
}

// named is what a convention names, before anything is pinned.
type named struct {
	Extends string
	Plugins map[string]conventions.Plugin
}

// base returns the reference of what the convention extends; "" for gazr.
func (n named) base() string {
	if project.ValidReference(n.Extends) {
		return n.Extends
	}
	return ""
}

// plugins returns the references of its published plugins.
func (n named) plugins() (refs []string) {
	for _, p := range n.Plugins {
		if p.Published() {
			refs = append(refs, p.From)
		}
	}
	return refs
}

func readReferences(dir, file string) (n named, err error) {
	data, err := regular.ReadInside(dir, path.Clean(file), regular.Config)
	if err != nil {
		return n, fault.Preconditionf("", "%s cannot be read: %s", file, regular.Reason(err))
	}
	strict.Peek(data, &n)
	return n, nil
}

// referencesOf returns the references in a convention that is a file of a project.
func referencesOf(dir, name string) []string {
	if !conventions.IsFile(name) {
		return nil
	}
	n, err := readReferences(dir, name)
	if err != nil {
		return nil
	}
	return append(n.plugins(), n.base())
}
