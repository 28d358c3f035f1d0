package scaffold

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	// and the project changed it; or something else than a file is there).
	Action string `json:"action"`
	// Reason says why a file stays as it is, or that it becomes a program.
	Reason string `json:"reason,omitempty"`
	// Was is the file now, Now is what it becomes.
	Was        string `json:"-"`
	Now        string `json:"-"`
	Executable bool   `json:"-"`
	// Chmod says that the template has made a program of a file, or none any more.
	Chmod bool `json:"-"`
}

// An OurFunc returns a file of the project. The error is a *NoFileError if something else is there.
type OurFunc func(path string) (text string, exists bool, err error)

// A NoFileError says what is in the place of a file.
type NoFileError struct{ Reason string }

func (e *NoFileError) Error() string { return e.Reason }

// A MergeFunc merges two texts that were made from base. Lines that both changed are marked in the result, and conflict is
// true.
type MergeFunc func(ours, base, theirs string) (text string, conflict bool, err error)

// Upgrade returns the changes from the files of one version to those of another, sorted by path. A file that the project has
// deleted stays deleted, and what is no file stays as it is. A file that both changed and that is no text stays too; that of
// the template is written beside it.
func Upgrade(base, theirs []File, ours OurFunc, merge MergeFunc) ([]Change, error) {
	was, will := byPath(base), byPath(theirs)
	var changes []Change
	for _, f := range slices.SortedFunc(slices.Values(union(base, theirs)), func(a, b File) int { return cmp.Compare(a.Path, b.Path) }) {
		b, inBase := was[f.Path]
		t, inTheirs := will[f.Path]
		if inBase && inTheirs && b == t {
			continue
		}
		text, exists, err := ours(f.Path)
		if other, is := errors.AsType[*NoFileError](err); is {
			changes = append(changes, Change{Path: f.Path, Action: Keep, Reason: other.Reason})
			continue
		}
		if err != nil {
			return nil, err
		}
		c := Change{Path: f.Path, Was: text, Executable: t.Executable}
		if text != b.Text {
			b.Text, t.Text = withEndings(b.Text, text), withEndings(t.Text, text)
		}
		switch {
		case !inTheirs:
			c.Action = removed(text, exists, b)
		case !inBase && !exists:
			c.Action, c.Now = Create, t.Text
		case !exists || text == t.Text: // deleted here, or there already
		case text != b.Text && isBinary(text+b.Text+t.Text):
			beside := Change{Path: besideName(f.Path, will, ours), Action: Create, Now: t.Text, Executable: t.Executable}
			c.Action, c.Now = Conflict, text
			c.Reason = fmt.Sprintf("binary: kept as it is here; the template's is %s", beside.Path)
			changes = append(changes, beside)
		default:
			c.Action, c.Now, err = changed(text, b.Text, t.Text, merge)
		}
		if err != nil {
			return nil, err
		}
		if exists && inBase && inTheirs && b.Executable != t.Executable {
			c = c.chmod(text)
		}
		if c.Action != "" {
			changes = append(changes, c)
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes, nil
}

// chmod returns a change that changes the mode of a file as well.
func (c Change) chmod(text string) Change {
	c.Chmod = true
	if c.Action == "" {
		c.Action, c.Now, c.Reason = Update, text, "it is a program no more"
		if c.Executable {
			c.Reason = "it becomes a program"
		}
	}
	return c
}

// isBinary reports whether something is no text.
func isBinary(s string) bool { return strings.ContainsRune(s, 0) }

// besideName returns a free name for the template's version of a file.
func besideName(path string, theirs map[string]File, ours OurFunc) string {
	for name, n := path+".template", 2; ; name, n = fmt.Sprintf("%s.template%d", path, n), n+1 {
		_, inTheirs := theirs[name]
		if _, exists, err := ours(name); !inTheirs && !exists && err == nil {
			return name
		}
	}
}

// withEndings returns a text of a template with the line endings of a file of the project, if all of those are the same.
func withEndings(text, ours string) string {
	crlf := strings.Count(ours, "\r\n")
	if isBinary(text+ours) || crlf > 0 && crlf < strings.Count(ours, "\n") {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	if crlf > 0 {
		text = strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
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
