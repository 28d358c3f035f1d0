package pluginreg

import (
	"context"
	"io/fs"
	"path/filepath"
	"strconv"

	"github.com/davit-dev/davit/internal/archive"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/templates/scaffold"
)

// A Template is a published template.
type Template struct {
	Artifact
	Name string `json:"name"`
	// Newest is the number of its newest version.
	Newest  int    `json:"newest"`
	Summary string `json:"summary,omitempty"`
}

// PublishTemplate publishes the template in a folder, with all its versions, and signs it if a key is named.
func (p Published) PublishTemplate(ctx context.Context, dir string, to Publication) (*Template, error) {
	if err := p.ready(&to); err != nil {
		return nil, err
	}
	files, name := map[string][]byte{}, filepath.Base(dir)
	if err := addTemplate(files, dir, name, "."); err != nil {
		return nil, err
	}
	data, err := packed(files)
	if err != nil {
		return nil, err
	}
	tree, err := archive.Open(data)
	if err != nil {
		return nil, err
	}
	t, err := scaffold.Load(name, tree)
	if err != nil {
		return nil, err
	}
	a, err := p.push(ctx, to, blobs.Template, data, annotations(name, strconv.Itoa(t.Version), t.Summary))
	return &Template{a, name, t.Version, t.Summary}, err
}

// OpenTemplate returns the files of a published template, and their digest: as its tag is now or, where there is no network,
// as it is pinned.
func (p Published) OpenTemplate(ctx context.Context, ref, pin string) (files fs.FS, digest string, err error) {
	if err := p.refer(ref); err != nil && pin == "" {
		return nil, "", err
	} else if err == nil {
		if pin, err = p.find(ctx, blobs.Template, ref); err != nil {
			return nil, "", err
		}
	}
	data, err := p.pull(ctx, ref, ref, blobs.Blob{Kind: blobs.Template, Digest: pin}, checkArchive)
	if err != nil {
		return nil, "", err
	}
	files, err = archive.Open(data)
	return files, pin, err
}
