package pluginreg

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/plugins"
)

// A Newer is what the published plugins of a project could be moved to.
type Newer struct {
	Plugins []Tag
	// Edits are the files that change.
	Edits []Edit

	dir string
}

// A Tag is a published plugin, and what its reference names.
type Tag struct {
	Name string
	// Was is the digest that is pinned, Now the one that the reference names; empty if it was not looked up.
	Was, Now string
	// Kept says why it is not looked up, or not moved.
	Kept string
}

// Newer looks up what the references of the published plugins of a project name now, and changes nothing. A plugin that
// asks for more than the project grants stays.
func (p Published) Newer(ctx context.Context, dir string) (*Newer, error) {
	f, err := open(dir)
	if err != nil {
		return nil, err
	}
	all, err := p.pinned(dir)
	if err != nil {
		return nil, err
	}
	n := &Newer{dir: dir}
	for _, e := range all {
		if e.Kind != blobs.Plugin || e.Convention != "" { // the convention moves those that it brings
			continue
		}
		tag := Tag{Name: e.Name, Was: e.Digest, Kept: "its address names the digest"}
		if project.AddressDigest(e.From) == "" {
			if tag, err = p.tag(ctx, f, e); err != nil {
				return nil, err
			}
		}
		n.Plugins = append(n.Plugins, tag)
	}
	n.Edits = f.edits(f.text)
	return n, nil
}

// tag looks up what the reference of a plugin names now, and pins that.
func (p Published) tag(ctx context.Context, f *files, e Entry) (Tag, error) {
	digest, err := p.find(ctx, blobs.Plugin, e.From)
	if err != nil || digest == e.Digest {
		return Tag{Name: e.Name, Was: e.Digest, Now: digest}, err
	}
	m, err := p.pullPlugin(ctx, e.Name, e.From, digest)
	if err != nil {
		return Tag{}, err
	}
	own := f.config.Plugins[e.Name]
	granted := plugins.Permissions{Env: own.Grant.Env, WriteCI: own.Grant.WriteCI}
	if more := Beyond(m.Manifest.Permissions, granted); len(more) > 0 {
		return Tag{Name: e.Name, Was: e.Digest, Now: digest, Kept: "its new version asks to " + text.And(more) +
			": davit plugin update " + e.Name + " --grant"}, nil
	}
	f.pins.Plugins[e.From] = digest
	return Tag{Name: e.Name, Was: e.Digest, Now: digest}, nil
}

// Move pins what the references name, and puts that into the folder of the project for plugins if there is one.
func (p Published) Move(ctx context.Context, n *Newer) error {
	if err := write(n.dir, n.Edits); err != nil {
		return err
	}
	_, err := os.Lstat(filepath.Join(n.dir, project.PluginsFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	_, err = p.Vendor(ctx, n.dir)
	return err
}
