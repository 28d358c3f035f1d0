package golang

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/davit-dev/davit/plugins/sdk"
)

// outside returns the folders outside of the repository that its modules are built from: those that replace
// modules, and those that a go.work uses.
func (r *repo) outside() *sdk.Outside {
	var o sdk.Outside
	for _, m := range r.modules {
		addReplaced(&o, path.Join(m.dir, "go.mod"), m.dir, m.file)
		for _, file := range toolFiles {
			full := path.Join(m.dir, file)
			addReplaced(&o, full, m.dir, parseMod(r.tree.read(full)))
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(r.works)) {
		file := path.Join(dir, "go.work")
		addReplaced(&o, file, dir, r.works[dir])
		for _, use := range r.works[dir].uses {
			o.Folder(dir, use, fmt.Sprintf("%s uses %s", file, use))
		}
	}
	return &o
}

// addReplaced records the folders that replace modules.
func addReplaced(o *sdk.Outside, file, dir string, m *modFile) {
	for _, r := range m.replaced {
		o.Folder(dir, r.folder, fmt.Sprintf("%s replaces %s by %s", file, r.module, r.folder))
	}
}
