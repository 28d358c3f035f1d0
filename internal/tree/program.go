package tree

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// WorkTree returns the folder of the repository that a folder is in: the nearest one, it or above it, with a ".git"; the
// folder itself without one. A repository of the user's home, or above it, does not count: nobody else brings what is
// in it.
func WorkTree(dir string) string {
	home, _ := os.UserHomeDir()
	for at := dir; ; at = filepath.Dir(at) {
		if at == filepath.Dir(at) || home != "" && within(at, home) {
			return dir
		}
		if _, err := os.Lstat(filepath.Join(at, ".git")); err == nil {
			return at
		}
	}
}

// Git returns the path of git for questions about a folder: see Program.
func Git(dir string) (string, error) { return Program(dir, "git") }

// Program returns the path of a program for questions about a folder: the first one in the absolute folders of PATH that
// the repository of the folder does not bring. The error is that of exec.LookPath.
func Program(dir, name string) (string, error) {
	root := WorkTree(dir)
	for _, bin := range filepath.SplitList(os.Getenv("PATH")) {
		if !filepath.IsAbs(bin) {
			continue
		}
		program, err := exec.LookPath(filepath.Join(bin, programName(name)))
		if err == nil && !Brings(root, program) {
			return program, nil
		}
	}
	return "", fmt.Errorf("%s: %w", name, exec.ErrNotFound)
}

func programName(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// Brings reports whether a repository brings a file: it is in its work tree, itself or by what it is a link to. A file
// that cannot be followed is taken for one of it.
func Brings(root, file string) bool {
	if within(root, file) {
		return true
	}
	real, err := filepath.EvalSymlinks(file)
	if err != nil {
		return !errors.Is(err, os.ErrNotExist)
	}
	folder, err := filepath.EvalSymlinks(root)
	return err != nil || within(folder, real)
}
