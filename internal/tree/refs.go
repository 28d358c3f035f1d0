package tree

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
)

// Refs identifies the commit that is checked out, the branch, and all tags, without asking git. It is the same
// in every checkout with the same of them, and empty outside of a repository. See gitrepository-layout(5).
func (t *Tree) Refs() (string, error) {
	dir, ok := t.gitFolder()
	if !ok {
		return "", nil
	}
	h, common := sha256.New(), commonFolder(dir)
	head := readText(filepath.Join(dir, "HEAD"))
	fmt.Fprintf(h, "%s\n", head)
	if branch, ok := strings.CutPrefix(head, "ref: "); ok {
		fmt.Fprintf(h, "%s\n", readText(filepath.Join(common, filepath.FromSlash(branch))))
	}
	for _, name := range []string{"packed-refs", filepath.Join("reftable", "tables.list")} {
		fmt.Fprintf(h, "%s\n", readText(filepath.Join(common, name)))
	}
	if err := hashTags(h, filepath.Join(common, "refs", "tags")); err != nil {
		return "", fmt.Errorf("the tags of git cannot be read: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// commonFolder returns the folder of what all work trees of a repository share.
func commonFolder(dir string) string {
	name := readText(filepath.Join(dir, "commondir"))
	switch {
	case name == "":
		return dir
	case filepath.IsAbs(name):
		return name
	}
	return filepath.Join(dir, name)
}

// GitFile returns the absolute path of a file that all work trees of the repository share ("info/exclude"),
// whether or not it exists; "" outside of a repository.
func (t *Tree) GitFile(name string) string {
	dir, ok := t.gitFolder()
	if !ok {
		return ""
	}
	return filepath.Join(commonFolder(dir), filepath.FromSlash(name))
}

func hashTags(h io.Writer, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return knownAbsent(err)
		}
		if rel, _ := filepath.Rel(dir, name); !d.IsDir() {
			fmt.Fprintf(h, "%s %s\n", filepath.ToSlash(rel), readText(name))
		}
		return nil
	})
}

// gitFolder returns the folder of the data of the repository that the project is in. In a work tree or a
// submodule ".git" is a file that names it.
func (t *Tree) gitFolder() (string, bool) {
	for dir := t.dir; ; dir = filepath.Dir(dir) {
		name := filepath.Join(dir, ".git")
		info, err := os.Stat(name)
		switch {
		case err == nil && info.IsDir():
			return name, true
		case err == nil:
			target, ok := strings.CutPrefix(readText(name), "gitdir: ")
			if !filepath.IsAbs(target) {
				target = filepath.Join(dir, target)
			}
			return target, ok
		case dir == filepath.Dir(dir):
			return "", false
		}
	}
}

// maxRefs is more than a file of refs has.
const maxRefs = 64 << 20

// readText returns the content of a file without the line break at its end; empty if it cannot be read.
func readText(name string) string {
	f, err := os.OpenFile(name, os.O_RDONLY|regular.NonBlock, 0)
	if err != nil {
		return ""
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxRefs))
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(data), "\n")
}
