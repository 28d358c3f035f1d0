package pluginreg

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
)

// An Entry is a plugin or a convention that a project uses.
type Entry struct {
	// Kind is plugin or convention.
	Kind blobs.Kind `json:"kind"`
	Name string     `json:"name"`
	// From is the file or the reference; empty for a plugin that is built in.
	From string `json:"from,omitempty"`
	// Digest is what project.lock pins, or the convention.
	Digest string `json:"digest,omitempty"`
	// Convention is the one that brings the plugin; empty if project.toml names it.
	Convention string `json:"convention,omitempty"`
	// State is built in, file, ready, absent (not on this machine), unverified (without the signature that is required),
	// unpinned or off.
	State string `json:"state"`
}

// The states.
const (
	builtIn    = "built in"
	file       = "file"
	ready      = "ready"
	absent     = "absent"
	unverified = "unverified"
	unpinned   = "unpinned"
	off        = "off"
)

// blob returns what the entry is pinned to.
func (e Entry) blob() blobs.Blob { return blobs.Blob{Kind: e.Kind, Digest: e.Digest} }

// List returns the plugins that project.toml names, sorted, and then the convention with what it brings. It uses no network.
func (p Published) List(dir string) (all []Entry, err error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(f.config.Plugins)) {
		own := f.config.Plugins[name]
		e := Entry{Kind: blobs.Plugin, Name: name, From: own.From, Digest: f.pins.PluginDigest(own.From)}
		if e.State = p.state(e, own.Published()); own.Off {
			e.State = off
		}
		all = append(all, e)
	}
	brought, err := p.brought(f)
	return append(all, brought...), err
}

// brought returns the published convention of a project and what it brings.
func (p Published) brought(f *files) (all []Entry, err error) {
	c, err := team.Source{Dir: f.dir, Lock: f.pins, Read: func(ref string, b blobs.Blob) ([]byte, error) {
		return p.Store.ReadTrusted(ref, ref, b, p.Trust)
	}}.Open(f.config.Convention)
	if pin, is := errors.AsType[*blobs.PinError](err); is { // what it brings is not known
		e := Entry{Kind: blobs.Convention, Name: pin.Name, From: pin.Name, Digest: f.pins.ConventionDigest(pin.Name)}
		e.State = p.state(e, true)
		return []Entry{e}, nil
	}
	if err != nil {
		return nil, err
	}
	return p.entries(f, c), nil
}

// entries returns a convention, those that it extends and their plugins, as far as project.toml says nothing else of them.
func (p Published) entries(f *files, c *team.Convention) (all []Entry) {
	for _, one := range c.Published() {
		all = append(all, Entry{Kind: blobs.Convention, Name: one.Name, From: one.Ref, Digest: one.Digest, State: ready})
	}
	brought := c.Plugins()
	for _, name := range slices.Sorted(maps.Keys(brought)) {
		b, own := brought[name], f.config.Plugins[name]
		if b.From == "" || own.From != "" || own.Off {
			continue
		}
		e := Entry{Kind: blobs.Plugin, Name: name, From: b.From, Digest: b.Digest, Convention: c.Name}
		if e.State = p.state(e, b.Published()); b.Off {
			e.State = off
		}
		all = append(all, e)
	}
	return all
}

// state returns the state of an entry that is not turned off.
func (p Published) state(e Entry, published bool) string {
	switch {
	case e.From == "":
		return builtIn
	case !published:
		return file
	case e.Digest == "":
		return unpinned
	}
	if _, err := p.Store.Read(e.Name, e.blob()); err != nil {
		return absent
	}
	if p.Trust.Unmet(e.From, p.Store.Signers(e.blob())) != nil {
		return unverified
	}
	return ready
}

// Fetch downloads what a project pins and this machine does not have, and returns that.
func (p Published) Fetch(ctx context.Context, dir string) (fetched []Entry, err error) {
	before, err := p.List(dir)
	if err != nil {
		return nil, err
	}
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	if _, err := p.source(ctx, f.dir, f.pins).Open(f.config.Convention); err != nil {
		return nil, err
	}
	after, err := p.List(dir)
	for _, e := range after {
		if err == nil {
			err = p.fetch(ctx, e)
		}
		e.State = ready
		if err == nil && e.Digest != "" && !slices.Contains(before, e) {
			fetched = append(fetched, e)
		}
	}
	return fetched, err
}

// fetch downloads a plugin that is pinned and not on this machine.
func (p Published) fetch(ctx context.Context, e Entry) error {
	switch e.State {
	case unpinned:
		return blobs.NewUnpinnedError(e.Kind, e.Name, e.From)
	case absent, unverified:
		_, err := p.pullPlugin(ctx, e.Name, e.From, e.Digest)
		return err
	}
	return nil
}

// source returns where the convention of a project is, with all that this machine can reach.
func (p Published) source(ctx context.Context, dir string, lock *project.Lock) team.Source {
	return team.Source{Dir: dir, Lock: lock, Read: func(ref string, b blobs.Blob) ([]byte, error) {
		return p.pull(ctx, ref, ref, b, checkArchive)
	}}
}
