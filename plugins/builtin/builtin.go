// Package builtin embeds the built-in plugins, compiled and compressed.
//
// Each folder with a plugin.toml has the source of one plugin, and each folder of modules the program of those that it
// imports. "go generate" builds the modules into dist, which is not committed, because the same sources and the same Go give the same bytes. The package compiles without
// dist; Files is then empty.
package builtin

import (
	"embed"
	"io/fs"
)

//go:generate go run ./build

//go:embed all:dist
var dist embed.FS

// Files returns the files that "go generate" wrote: index.json and the modules that it lists.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // cannot happen: the name is valid
	}
	return files
}
