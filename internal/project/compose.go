package project

import (
	"os"
	"path/filepath"
	"slices"
)

// ComposeFiles are the names of Compose files that need not be named, the first that is there counts.
var ComposeFiles = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// HasComposeFile reports whether a folder has a Compose file of a usual name.
func HasComposeFile(dir string) bool {
	return slices.ContainsFunc(ComposeFiles, func(name string) bool {
		info, err := os.Stat(filepath.Join(dir, name))
		return err == nil && info.Mode().IsRegular()
	})
}
