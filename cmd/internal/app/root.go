package app

import (
	"os"
	"path/filepath"

	"github.com/davit-dev/davit/internal/project"
)

// A Root is the folder of a project, and how it was found.
type Root struct {
	Dir string
	// Marker is project.toml or .git; empty if neither was found and Dir is the folder that davit was called
	// in.
	Marker string
}

// FindRoot returns the nearest folder upwards from dir with a project.toml, else the root of the git
// repository, else dir.
//
// Upwards is the physical way, as in git and cargo: a symbolic link to a folder of a project leads to that
// project, whatever the folder of the link is in, and one project has one path, so that its results are not
// kept twice. Only if there is no project that way, it is the way that dir was written, which leads from a
// link inside of a project to that project.
func FindRoot(dir string) Root {
	physical, err := filepath.EvalSymlinks(dir)
	if err != nil {
		physical = dir
	}
	root := findUpwards(physical)
	if root.Marker == "" && physical != dir {
		if logical := findUpwards(dir); logical.Marker != "" {
			return logical
		}
	}
	return root
}

// findUpwards returns the root on the way upwards from dir, by its text.
func findUpwards(dir string) Root {
	var git string
	for at := dir; ; at = filepath.Dir(at) {
		if isThere(filepath.Join(at, project.File)) {
			return Root{Dir: at, Marker: project.File}
		}
		if git == "" && exists(filepath.Join(at, ".git")) {
			git = at
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	if git != "" {
		return Root{Dir: git, Marker: ".git"}
	}
	return Root{Dir: dir}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// isThere reports whether something is at a path that is no folder. What is no file is refused when it is read.
func isThere(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
