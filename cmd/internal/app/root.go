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
func FindRoot(dir string) Root {
	var git string
	for at := dir; ; at = filepath.Dir(at) {
		if isFile(filepath.Join(at, project.File)) {
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

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}
