package app

import (
	"context"
	"slices"
	"strings"
)

// leftBehind returns a sentence with what an install of the run has made that git neither tracks nor ignores, if there is any.
func (a *advising) leftBehind(ctx context.Context) []string {
	if !a.fills.Load() || a.project.entries == nil {
		return nil
	}
	names, err := a.project.Tree.Untracked(ctx)
	if err != nil {
		return nil // it is no repository
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		return slices.ContainsFunc(a.project.files, func(known string) bool {
			return known == name || strings.HasSuffix(name, "/") && strings.HasPrefix(known, name)
		})
	})
	if len(names) == 0 {
		return nil
	}
	list := a.project.list().of(names)
	return []string{"the run has made " + list + ", which git neither tracks nor ignores: " + oneOrMany(len(names), "a line", "lines") + " in .gitignore would ignore " + oneOrMany(len(names), "it", "them")}
}
