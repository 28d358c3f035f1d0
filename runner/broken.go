package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/davit-dev/davit/internal/regular"
)

// broken returns why a virtual environment of Python does not work, or "": its interpreter is gone, or it was made
// in another folder, and its programs still run what is installed there.
func (c *Cache) broken(dir string) string {
	full := filepath.Join(c.files.tree.Dir(), local(dir))
	for _, name := range []string{"bin/python", "bin/python3", "Scripts/python.exe"} {
		file := filepath.Join(full, filepath.FromSlash(name))
		_, there := os.Lstat(file)
		if _, err := os.Stat(file); there == nil && errors.Is(err, fs.ErrNotExist) {
			return "its interpreter is gone"
		}
	}
	if made := madeIn(full); made != "" && !sameFolder(made, full) {
		return "it was made in " + made
	}
	return ""
}

// activated is the line of an activation script with the folder of the environment, as venv, virtualenv and uv
// write it.
var activated = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^\s*(?:export )?VIRTUAL_ENV=["']?(/[^"'\n$]+)["']?\s*$`)
})

// madeIn returns the folder that a virtual environment was made in, as its activation script says, or "".
func madeIn(full string) string {
	text, err := regular.Read(filepath.Join(full, "bin", "activate"), regular.Config)
	if err != nil {
		return ""
	}
	if found := activated().FindSubmatch(text); found != nil {
		return string(found[1])
	}
	return ""
}

func sameFolder(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// setAside renames a broken environment that may have files of the user's own in it, and lets git ignore it.
func (c *Cache) setAside(dir string) (name string, err error) {
	root, err := c.files.root()
	if err != nil {
		return "", err
	}
	name = path.Clean(dir) + "-old"
	if c.exists(name) {
		return "", fmt.Errorf("%s is broken, and %s is there already: remove one of them", path.Clean(dir), name)
	}
	if err := root.Rename(local(dir), local(name)); err != nil {
		return "", err
	}
	ignore, err := root.OpenFile(local(name+"/.gitignore"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return name, nil // it has one
	}
	_, err = ignore.WriteString("*\n")
	return name, errors.Join(err, ignore.Close())
}
