package pluginreg

import (
	"context"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
)

// A Vendoring is what davit vendor changed in the folder of the project.
type Vendoring struct {
	// Folder is relative to the project.
	Folder string `json:"folder"`
	// Plugins are all that the folder has then, and the convention.
	Plugins []Entry `json:"plugins"`
	// Added and Removed are names of files in the folder.
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
}

// Vendor puts the plugins and the convention that a project pins into a folder of it, and removes others from there. What this machine does
// not have is downloaded.
func (p Published) Vendor(ctx context.Context, dir string) (*Vendoring, error) {
	if err := checkFolder(dir); err != nil {
		return nil, err
	}
	if _, err := p.Fetch(ctx, dir); err != nil {
		return nil, err
	}
	pinned, err := p.pinned(dir)
	if err != nil {
		return nil, err
	}
	v := &Vendoring{Folder: project.PluginsFolder, Plugins: pinned}
	var blobs []blobs.Blob
	for _, e := range pinned {
		blobs = append(blobs, e.blob())
	}
	v.Added, v.Removed, err = p.Store.Vendor(blobs)
	return v, err
}

// CheckVendored returns an error if the folder of the project lacks a plugin that the project pins.
func (p Published) CheckVendored(dir string) error {
	if err := checkFolder(dir); err != nil {
		return err
	}
	pinned, err := p.pinned(dir)
	if err != nil {
		return err
	}
	var missing []string
	for _, e := range pinned {
		if !p.Store.HasVendored(e.blob()) {
			missing = append(missing, e.Name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return &fault.Error{Reason: project.PluginsFolder + " lacks what is pinned for " + strings.Join(missing, ", "),
		Next: "davit vendor puts it there", Code: fault.Pending}
}

// pinned returns what is published and a project uses. One without a pin is an error.
func (p Published) pinned(dir string) ([]Entry, error) {
	all, err := p.List(dir)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(e Entry) bool { return e.Digest == "" && e.State != unpinned || e.State == off })
	for _, e := range all {
		if e.State == unpinned {
			return nil, blobs.NewUnpinnedError(e.Kind, e.Name, e.From)
		}
	}
	return all, nil
}
