// Package builtin holds the plugins that davit brings, built and compressed.
//
// Each folder with a plugin.toml is the source of one. "go generate" builds them into dist, which is not committed: the same
// sources and the same Go give the same bytes. Without them the package compiles, and Files is empty.
package builtin

import (
	"embed"
	"io/fs"
)

//go:generate go run ./build

//go:embed all:dist
var dist embed.FS

// Files returns what "go generate" left: index.json and the modules that it lists.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}
