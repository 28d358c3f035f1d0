package app

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/sdk"
)

// memberNotes returns a warning if davit was called in a folder of the project that has a manifest of its
// own: the targets are those of the whole project.
func (p *Project) memberNotes() []ui.Event {
	member := p.member()
	if member == "" {
		return nil
	}
	return []ui.Event{{Type: ui.EventWarning,
		Text: fmt.Sprintf("this is the project in %s with all that it contains, not only %s", p.Root.Dir, member),
		Hint: fmt.Sprintf("an empty %s makes it a project of its own", filepath.Join(member, project.File))}}
}

// member returns the nearest folder with a manifest from the one that davit was called in up to the root,
// relative to the root; "" if that is the root.
func (p *Project) member() string {
	for dir := p.Dir; dir != p.Root.Dir && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		has := func(name string) bool { return isFile(filepath.Join(dir, name)) }
		if name, err := filepath.Rel(p.Root.Dir, dir); err == nil && filepath.IsLocal(name) &&
			slices.ContainsFunc(sdk.StackManifests, has) {
			return name
		}
	}
	return ""
}
