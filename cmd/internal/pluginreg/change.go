package pluginreg

import (
	"cmp"
	"context"
	"slices"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins"
)

// A Change is a change of what a project uses of what teams publish, which is not made yet.
type Change struct {
	// Kind is plugin or convention.
	Kind blobs.Kind `json:"kind"`
	Name string     `json:"name"`
	Ref  string     `json:"ref"`
	// Was is the digest that was pinned before, and Digest the one that is pinned then; empty for none.
	Was    string `json:"was,omitempty"`
	Digest string `json:"digest,omitempty"`
	// Version is that of the plugin or convention.
	Version string `json:"published_version,omitempty"`
	// Grants are the permissions that the project then grants to the plugin.
	Grants plugins.Permissions `json:"grants,omitzero"`
	// Changes are what is different in the convention from the one before.
	Changes []conventions.Change `json:"changes,omitempty"`
	// Edits are the files that change.
	Edits []Edit `json:"-"`

	dir string
}

// Apply makes the change.
func (p Published) Apply(c *Change) error { return write(c.dir, c.Edits) }

// Add proposes to add a published plugin to a project, under its own name or another one.
func (p Published) Add(ctx context.Context, dir, ref, as string) (*Change, error) {
	if err := cmp.Or(p.refer(ref), checkName(as)); err != nil {
		return nil, err
	}
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	digest, err := p.find(ctx, blobs.Plugin, ref)
	if err != nil {
		return nil, err
	}
	if was := f.pins.Plugins[ref]; was != "" && was != digest {
		return nil, moved(ref, was, digest)
	}
	m, err := p.pullPlugin(ctx, as, ref, digest)
	if err != nil {
		return nil, err
	}
	c := &Change{Kind: blobs.Plugin, Name: m.Manifest.Name, Ref: ref, Digest: digest, Version: m.Manifest.Version, Grants: m.Manifest.Permissions, dir: dir}
	if err := checkNotBuiltIn(c.Name); err != nil {
		return nil, err
	}
	if own := f.config.Plugins[c.Name]; own.From != "" && !own.Published() {
		return nil, fault.Preconditionf("--as NAME gives it another name", "[plugins.%s] is the file %q", c.Name, own.From)
	}
	return c, c.edit(f)
}

// checkName returns an error about what is not the name of a plugin; none is one.
func checkName(as string) error {
	if as == "" || plugins.ValidName(as) {
		return nil
	}
	return fault.Preconditionf("--as my-plugin", "--as: %q is not the name of a plugin, wanted small letters, digits and \"-\"", as)
}

// checkNotBuiltIn returns an error about the name of a built-in plugin, which a table of that name would replace.
func checkNotBuiltIn(name string) error {
	all, err := plugins.Builtin()
	if err != nil || !slices.ContainsFunc(all, func(m *plugins.Module) bool { return m.Manifest.Name == name }) {
		return err
	}
	return fault.Preconditionf("--as NAME gives it another name; a table [plugins."+name+"] written by hand replaces the built-in one",
		"%q is a built-in plugin", name)
}

// moved returns the error about a tag that names another module than before.
func moved(ref, was, digest string) error {
	return fault.Refusef("davit plugin update pins the other one", "%q is pinned to %s, and in the registry that tag is now %s", ref,
		blobs.Short(was), blobs.Short(digest))
}

// edit sets what becomes of the files.
func (c *Change) edit(f *files) error {
	text, err := project.SetPlugin(f.text, c.Name, c.Ref, project.Grant{Env: c.Grants.Env, WriteCI: c.Grants.WriteCI})
	if err != nil {
		return err
	}
	if c.Was = f.pins.Plugins[c.Ref]; project.AddressDigest(c.Ref) == "" {
		f.pins.Plugins[c.Ref] = c.Digest
	}
	c.Edits = f.edits(text)
	return nil
}

// Update proposes to pin a plugin to what its tag is now. One that asks for more than the project grants is refused,
// unless that is granted.
func (p Published) Update(ctx context.Context, dir, name string, grant bool) (*Change, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	own, err := f.published(name)
	if err != nil {
		return nil, err
	}
	if pinned := project.AddressDigest(own.From); pinned != "" {
		return nil, fault.Preconditionf("davit plugin add takes another address", "the address of plugin %q names its digest itself", name)
	}
	digest, err := p.find(ctx, blobs.Plugin, own.From)
	if err != nil {
		return nil, err
	}
	m, err := p.pullPlugin(ctx, name, own.From, digest)
	if err != nil {
		return nil, err
	}
	c := &Change{Kind: blobs.Plugin, Name: name, Ref: own.From, Digest: digest, Version: m.Manifest.Version, dir: dir,
		Grants: plugins.Permissions{Env: own.Grant.Env, WriteCI: own.Grant.WriteCI}}
	if more := Beyond(m.Manifest.Permissions, c.Grants); len(more) > 0 && !grant && digest != f.pins.Plugins[c.Ref] {
		return nil, fault.Refusef("--grant grants it", "plugin %q %s asks to %s, which %s does not grant", name, c.Version,
			text.And(more), project.File)
	}
	if grant {
		c.Grants = m.Manifest.Permissions
	}
	return c, c.edit(f)
}

// Beyond returns what permissions ask for and a project does not grant, for people.
func Beyond(asked, granted plugins.Permissions) (more []string) {
	for _, name := range asked.Env {
		if !slices.Contains(granted.Env, name) {
			more = append(more, "read the variable "+name)
		}
	}
	if asked.WriteCI && !granted.WriteCI {
		more = append(more, "write the files of pipelines")
	}
	return more
}

// Remove proposes to remove a plugin from a project.
func (p Published) Remove(dir, name string) (*Change, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	own, err := f.published(name)
	if err != nil {
		return nil, err
	}
	text, err := project.RemovePlugin(f.text, name)
	if err != nil {
		return nil, err
	}
	was := f.pins.Plugins[own.From]
	return &Change{Kind: blobs.Plugin, Name: name, Ref: own.From, Was: was, Edits: f.edits(text), dir: dir}, nil
}

// published returns the table of a published plugin.
func (f *files) published(name string) (project.Plugin, error) {
	own, there := f.config.Plugins[name]
	if !there || !own.Published() {
		return own, fault.Preconditionf("davit plugin list shows them", "%s has no published plugin %q", project.File, name)
	}
	return own, nil
}
