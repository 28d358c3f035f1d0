package scaffold

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

// builtin are the templates that are built in. A version that was released stays as it is.
//
//go:embed all:builtin
var builtin embed.FS

// Names returns the names of the built-in templates.
func Names() (names []string) {
	entries, err := builtin.ReadDir("builtin")
	if err != nil {
		panic(err) // cannot happen: the folder is embedded
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Folder returns the folder of a built-in template.
func Folder(name string) (fs.FS, error) {
	names := Names()
	if !slices.Contains(names, name) {
		hint := "davit new lists the templates; that of a folder is named by its path: ./" + name
		if near := suggest.Nearest(name, names); len(near) > 0 {
			hint = fmt.Sprintf("did you mean %s?", suggest.Quoted(near))
		}
		return nil, fault.Preconditionf(hint, "there is no template %q", name)
	}
	return fs.Sub(builtin, "builtin/"+name)
}

// All returns the newest versions of the built-in templates.
func All() (all []*Template, err error) {
	for _, name := range Names() {
		dir, err := Folder(name)
		if err != nil {
			return nil, err
		}
		t, err := Load(name, dir)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}
