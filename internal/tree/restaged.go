package tree

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
)

// maxIndex is the size in bytes of the largest index of git that is kept for a comparison.
const maxIndex = 64 << 20

// GitIndex returns the content of git's index; nil if there is none.
func (t *Tree) GitIndex() []byte {
	dir, ok := t.gitFolder()
	if !ok {
		return nil
	}
	text, _ := regular.Read(filepath.Join(dir, "index"), maxIndex) // a larger one is not compared
	return text
}

// Restaged compares git's index with an earlier content of it. It returns the files of the project for which the index
// has something else now, and those of them that had something staged before.
func (t *Tree) Restaged(ctx context.Context, earlier []byte) (names, staged []string, err error) {
	dir, err := os.MkdirTemp("", "davit-index-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	was, err := savedIndex(dir, earlier)
	if err != nil {
		return nil, nil, err
	}
	before, err := t.indexed(ctx, was)
	if err != nil {
		return nil, nil, err
	}
	after, err := t.indexed(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	names = differing(before, after)
	if len(names) == 0 {
		return nil, nil, nil
	}
	return names, t.stagedIn(ctx, was, names), nil
}

// savedIndex writes the content of an index into a folder, and returns the variables with which git reads it. For git, one
// that is not there is empty.
func savedIndex(dir string, content []byte) (env []string, err error) {
	file := filepath.Join(dir, "index")
	if len(content) > 0 {
		err = os.WriteFile(file, content, 0o600)
	}
	return []string{"GIT_INDEX_FILE=" + file}, err
}

// indexed returns what git's index has for each file of the project: its mode, its hash and the stage of a merge.
func (t *Tree) indexed(ctx context.Context, env []string) (map[string]string, error) {
	out, err := t.gitWith(ctx, env, "ls-files", "-z", "--stage")
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, record := range strings.FieldsFunc(out, func(r rune) bool { return r == 0 }) {
		entry, name, _ := strings.Cut(record, "\t")
		all[name] += entry
	}
	return all, nil
}

// differing returns the keys, sorted, for which two maps have other values.
func differing(one, other map[string]string) (keys []string) {
	for _, key := range slices.Sorted(maps.Keys(one)) {
		if other[key] != one[key] {
			keys = append(keys, key)
		}
	}
	for key := range other {
		if _, ok := one[key]; !ok {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// stagedIn returns those of the files for which an index has something else than the commit; all, if git cannot tell.
func (t *Tree) stagedIn(ctx context.Context, env, names []string) []string {
	out, err := t.gitWith(ctx, env, "diff-index", "--cached", "--name-only", "--relative", "-z", "HEAD")
	if err != nil {
		return names
	}
	staged := strings.Split(out, "\x00")
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(staged, name) })
}
