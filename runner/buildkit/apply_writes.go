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

// applyWrites applies to the project what a step of effect "writes" changed: the files that it was given, and
// new files beside them that git does not ignore.
func (r *Runner) applyWrites(ctx context.Context, n *llb.Node, after gateway.Reference) error {
	defer r.o.Files.Changed()
	inputs, err := r.stepInputs(ctx, n.Step)
	if err != nil {
		return err
	}
	changed, err := r.changedFiles(ctx, n, after, inputs.Names)
	if err != nil {
		return err
	}
	is, err := statFiles(ctx, after, changed)
	if err != nil {
		return err
	}
	e := newExporter(ctx, after, r.root, n.Step.Reserved)
	e.writer.declared = r.exportPaths(n)
	for _, name := range changed {
		if stat := is[name]; stat != nil {
			e.add(name, stat)
		} else if err := e.refused(name); err != nil {
			return err
		} else if err := r.root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	if err := r.applyNewFiles(ctx, n, after, e, inputs.Names); err != nil {
		return err
	}
	return e.wait()
}

// applyNewFiles applies the new files in the folders of the files that the step was given, and in new
// folders.
func (r *Runner) applyNewFiles(
	ctx context.Context, n *llb.Node, after gateway.Reference, e *exporter, names []string,
) error {
	before, err := r.solve(ctx, n.Before, n)
	if err != nil {
		return err
	}
	for dirs := parentFolders(names); len(dirs) > 0; {
		found, err := newEntries(ctx, before, after, dirs)
		if err != nil {
			return err
		}
		if err := r.removeIgnored(ctx, found); err != nil {
			return err
		}
		dirs = nil
		for name, stat := range found {
			if fs.FileMode(stat.Mode).IsDir() {
				dirs = append(dirs, name)
			} else {
				e.add(name, stat)
			}
		}
	}
	return nil
}

// removeIgnored removes the entries that git ignores. For a folder it asks git about a file in it, since the
// folder does not exist in the project.
func (r *Runner) removeIgnored(ctx context.Context, found map[string]*types.Stat) error {
	asked := map[string]string{}
	for name, stat := range found {
		if fs.FileMode(stat.Mode).IsDir() {
			asked[name+"/x"] = name
		} else {
			asked[name] = name
		}
	}
	ignored, err := r.o.Files.Ignored(ctx, slices.Collect(maps.Keys(asked)))
	for _, question := range ignored {
		delete(found, asked[question])
	}
	return err
}

// newEntries returns the entries of some folders that were not there before a step.
func newEntries(
	ctx context.Context, before, after gateway.Reference, dirs []string,
) (map[string]*types.Stat, error) {
	found := map[string]*types.Stat{}
	for _, dir := range dirs {
		was, err := readFolder(ctx, before, dir)
		if err != nil {
			return nil, err
		}
		is, err := readFolder(ctx, after, dir)
		if err != nil {
			return nil, err
		}
		for name, stat := range is {
			if was[name] == nil {
				found[name] = stat
			}
		}
	}
	return found, nil
}

// readFolder returns the entries of a folder by path. A missing folder has none.
func readFolder(ctx context.Context, ref gateway.Reference, dir string) (map[string]*types.Stat, error) {
	entries, err := ref.ReadDir(ctx, gateway.ReadDirRequest{Path: dir})
	if err != nil && !isNotExist(err) {
		return nil, err
	}
	found := map[string]*types.Stat{}
	for _, entry := range entries {
		found[path.Join(dir, path.Base(entry.Path))] = entry
	}
	return found, nil
}

// parentFolders returns the folders that files are in.
func parentFolders(names []string) []string {
	all := []string{"."}
	for _, name := range names {
		all = append(all, path.Dir(name))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
