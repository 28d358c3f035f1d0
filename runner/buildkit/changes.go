package buildkit

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"path"
	"slices"
	"sync"

	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/tonistiigi/fsutil/types"
	"golang.org/x/sync/errgroup"

	"github.com/davit-dev/davit/runner/buildkit/llb"
)

// parallel is how many requests for files are sent to an engine at once.
const parallel = 8

// changedSources returns the files that a step may only read and that it changed.
func (r *Runner) changedSources(ctx context.Context, n *llb.Node, after gateway.Reference) ([]string, error) {
	inputs, err := r.stepInputs(ctx, n.Step)
	if err != nil || len(inputs.Guarded) == 0 {
		return nil, err
	}
	return r.changedFiles(ctx, n, after, inputs.Guarded)
}

// changedFiles returns the files that differ before and after a step: in what the file system says of them
// and, where that is not enough, in their contents.
func (r *Runner) changedFiles(
	ctx context.Context, n *llb.Node, after gateway.Reference, names []string,
) ([]string, error) {
	before, err := r.solve(ctx, n.Before, n)
	if err != nil {
		return nil, err
	}
	was, err := statFiles(ctx, before, names)
	if err != nil {
		return nil, err
	}
	is, err := statFiles(ctx, after, names)
	if err != nil {
		return nil, err
	}
	var changed []string
	for _, name := range slices.Sorted(maps.Keys(was)) {
		differs, err := isChanged(ctx, before, after, name, was[name], is[name])
		if err != nil {
			return nil, err
		}
		if differs {
			changed = append(changed, name)
		}
	}
	return changed, nil
}

// isChanged reports whether a file was changed: its kind, its executable bit, its link target or its content.
func isChanged(
	ctx context.Context, before, after gateway.Reference, name string, was, is *types.Stat,
) (bool, error) {
	switch {
	case is == nil:
		return true, nil
	case comparedMode(was) != comparedMode(is) || was.Linkname != is.Linkname:
		return true, nil
	case was.Size == is.Size && was.ModTime == is.ModTime || !fs.FileMode(was.Mode).IsRegular():
		return false, nil
	case was.Size != is.Size:
		return true, nil
	}
	alike, err := sameContent(ctx, before, after, name, is.Size)
	return !alike, err
}

// sameContent compares two files of one size, in chunks, since they may be larger than a message of the
// engine.
func sameContent(
	ctx context.Context, before, after gateway.Reference, name string, size int64,
) (bool, error) {
	for at := int64(0); at < size; at += chunk {
		piece := gateway.ReadRequest{Filename: name,
			Range: &gateway.FileRange{Offset: int(at), Length: chunk}}
		old, err := before.ReadFile(ctx, piece)
		if err != nil {
			return false, err
		}
		now, err := after.ReadFile(ctx, piece)
		if err != nil || !bytes.Equal(old, now) {
			return false, err
		}
	}
	return true, nil
}

// comparedMode returns the part of a mode that is compared.
func comparedMode(s *types.Stat) fs.FileMode {
	mode := fs.FileMode(s.Mode)
	if mode.IsRegular() {
		return mode & 0o100
	}
	return mode.Type()
}

// statFiles returns the state of those files that exist, with one request for each folder that they are in.
func statFiles(ctx context.Context, ref gateway.Reference, names []string) (map[string]*types.Stat, error) {
	wanted := map[string]map[string]bool{}
	for _, name := range names {
		dir := path.Dir(name)
		if wanted[dir] == nil {
			wanted[dir] = map[string]bool{}
		}
		wanted[dir][path.Base(name)] = true
	}
	found, mu := map[string]*types.Stat{}, sync.Mutex{}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for dir, bases := range wanted {
		g.Go(func() error {
			entries, err := ref.ReadDir(ctx, gateway.ReadDirRequest{Path: dir})
			if isNotExist(err) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			for _, e := range entries {
				if bases[path.Base(e.Path)] {
					found[path.Join(dir, path.Base(e.Path))] = e
				}
			}
			return err
		})
	}
	return found, g.Wait()
}
