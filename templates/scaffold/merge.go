package scaffold

import (
	"cmp"
	"slices"
)

// The actions of a Change.
const (
	Create   = "create"
	Update   = "update"
	Merge    = "merge"
	Conflict = "conflict"
	Delete   = "delete"
	Keep     = "keep"
)

// A Change is what an upgrade does with one file.
type Change struct {
	Path string `json:"path"`
	// Action is create, update (the file is as the template wrote it), merge (both changed it, in different places),
	// conflict (both changed the same lines, which are marked), delete, or keep (the template has no such file any more,
	// and the project changed it).
	Action string `json:"action"`
	// Was is the file now, Now is what it becomes.
	Was        string `json:"-"`
	Now        string `json:"-"`
	Executable bool   `json:"-"`
}

// A MergeFunc merges two texts that were made from base. Lines that both changed are marked in the result, and conflict is
// true.
type MergeFunc func(ours, base, theirs string) (text string, conflict bool, err error)

// Upgrade returns the changes from the files of one version to those of another, sorted by path. The function ours returns
// a file of the project. A file that the project has deleted stays deleted.
func Upgrade(base, theirs []File, ours func(path string) (text string, exists bool, err error), merge MergeFunc) ([]Change, error) {
	was, will := byPath(base), byPath(theirs)
	var changes []Change
	for _, f := range slices.SortedFunc(slices.Values(union(base, theirs)), func(a, b File) int { return cmp.Compare(a.Path, b.Path) }) {
		b, inBase := was[f.Path]
		t, inTheirs := will[f.Path]
		if inBase && inTheirs && b == t {
			continue
		}
		text, exists, err := ours(f.Path)
		if err != nil {
			return nil, err
		}
		c := Change{Path: f.Path, Was: text, Executable: t.Executable}
		switch {
		case !inTheirs:
			c.Action = removed(text, exists, b)
		case !inBase && !exists:
			c.Action, c.Now = Create, t.Text
		case !exists || text == t.Text: // deleted here, or there already
		default:
			c.Action, c.Now, err = changed(text, b.Text, t.Text, merge)
		}
		if err != nil {
			return nil, err
		}
		if c.Action != "" {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// removed returns the action for a file that the template has no more.
func removed(text string, exists bool, base File) string {
	switch {
	case !exists:
		return ""
	case text == base.Text:
		return Delete
	}
	return Keep
}

// changed returns the action for a file that the template changed, and the text that it gets.
func changed(ours, base, theirs string, merge MergeFunc) (action, text string, err error) {
	if ours == base {
		return Update, theirs, nil
	}
	text, conflict, err := merge(ours, base, theirs)
	switch {
	case err != nil:
		return "", "", err
	case conflict:
		return Conflict, text, nil
	case text == ours: // it has the change of the template already
		return "", "", nil
	}
	return Merge, text, nil
}

// union returns the files of two versions, each path once.
func union(a, b []File) []File {
	has := byPath(a)
	all := slices.Clone(a)
	for _, f := range b {
		if _, ok := has[f.Path]; !ok {
			all = append(all, f)
		}
	}
	return all
}

func byPath(files []File) map[string]File {
	m := map[string]File{}
	for _, f := range files {
		m[f.Path] = f
	}
	return m
}
