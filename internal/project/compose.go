package project

import (
	"os"
	"path/filepath"
	"slices"
)

// ComposeFiles are the default names of Compose files. The first one that exists is used.
var ComposeFiles = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// HasComposeFile reports whether a folder has a Compose file with a default name.
func HasComposeFile(dir string) bool {
	return slices.ContainsFunc(ComposeFiles, func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err == nil && info.Mode().IsRegular()
	})
}
