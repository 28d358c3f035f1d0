package buildkit

import (
	"context"
	"path"
	"slices"
	"strings"

	gateway "github.com/moby/buildkit/frontend/gateway/client"

	"github.com/davit-dev/davit/plugins/plan"
)

// writtenReports returns the files of reports that a step writes in each of its runs, by which its tests are counted.
func writtenReports(ctx context.Context, after gateway.Reference, s plan.Step) (names []string) {
	if !s.WritesReports() {
		return nil
	}
	for _, r := range s.Reports {
		names = append(names, matching(ctx, after, ".", strings.Split(path.Clean(r.Path), "/"))...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// matching returns the files below a folder of the engine that match the parts of a glob. "**" stands for any folders.
func matching(ctx context.Context, ref gateway.Reference, dir string, parts []string) (names []string) {
	part, rest := parts[0], parts[1:]
	if part == "**" {
		names = matching(ctx, ref, dir, rest)
		part, rest = "*", parts
	}
	entries, err := ref.ReadDir(ctx, gateway.ReadDirRequest{Path: dir})
	if err != nil {
		return names // it is no folder
	}
	for _, entry := range entries {
		name := path.Base(entry.Path)
		like, _ := path.Match(part, name)
		switch isDir := entry.IsDir(); {
		case !like || isDir && name == ".git":
		case isDir && len(rest) > 0:
			names = append(names, matching(ctx, ref, path.Join(dir, name), rest)...)
		case !isDir && len(rest) == 0:
			names = append(names, path.Join(dir, name))
		}
	}
	return names
}
