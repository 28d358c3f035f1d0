package buildkit

import (
	"context"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/tonistiigi/fsutil/types"

	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// takeOver brings what a step of effect "writes" changed into the project: the files that it was given, as it left them, and new
// ones beside them that git does not ignore.
func (r *Runner) takeOver(ctx context.Context, n *llb.Node, after gateway.Reference) error {
	defer r.o.Files.Changed()
	seen, err := r.seen(ctx, n.Step)
	if err != nil {
		return err
	}
	changed, err := r.differing(ctx, n, after, seen.Names)
	if err != nil {
		return err
	}
	is, err := stats(ctx, after, changed)
	if err != nil {
		return err
	}
	e := newExporter(ctx, after, r.root)
	for _, name := range changed {
		if stat := is[name]; stat != nil {
			e.take(name, stat)
		} else if err := r.root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	if err := r.added(ctx, n, after, e, seen.Names); err != nil {
		return err
	}
	return e.wait()
}

// added takes the new files in the folders of those that were given.
func (r *Runner) added(ctx context.Context, n *llb.Node, after gateway.Reference, e *exporter, names []string) error {
	found, err := r.unknown(ctx, after, names)
	if err != nil {
		return err
	}
	ignored, err := r.o.Files.Ignored(ctx, slices.Collect(maps.Keys(found)))
	if err != nil {
		return err
	}
	for name, stat := range found {
		if !slices.Contains(ignored, name) {
			e.take(name, stat)
		}
	}
	return nil
}

// unknown are the files in the folders of some that are not among these.
func (r *Runner) unknown(ctx context.Context, after gateway.Reference, names []string) (map[string]*types.Stat, error) {
	found := map[string]*types.Stat{}
	for _, dir := range folders(names) {
		entries, err := after.ReadDir(ctx, gateway.ReadDirRequest{Path: dir})
		if err != nil && !absent(err) {
			return nil, err
		}
		for _, entry := range entries {
			name := path.Join(dir, path.Base(entry.Path))
			if _, given := slices.BinarySearch(names, name); !given && !fs.FileMode(entry.Mode).IsDir() {
				found[name] = entry
			}
		}
	}
	return found, nil
}

// folders are the folders that files are in.
func folders(names []string) []string {
	all := []string{"."}
	for _, name := range names {
		all = append(all, path.Dir(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
