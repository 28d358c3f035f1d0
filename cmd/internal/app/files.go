package app

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
)

// list lists the files by which plugins are detected.
func (l loader) list(ctx context.Context) error {
	if l.Root.Marker == "" {
		l.files = l.filesNearby()
		return nil
	}
	entries, err := l.Tree.Files(ctx)
	if err != nil {
		return err
	}
	l.entries = entries
	for _, e := range entries {
		l.files = append(l.files, e.Path)
	}
	if len(l.Config.Hide) > 0 {
		l.files = slices.DeleteFunc(l.files, l.Tree.Hides)
	}
	return nil
}

// maxUnmarked is how many files and folders are looked at in a folder that nothing marks as a project. It may
// be a home folder, or a disk of backups.
const maxUnmarked = 50_000

// walkLimit returns how many files and folders a walk may find; 0 is no limit.
func (p *Project) walkLimit() int {
	if p.Root.Marker == "" {
		return maxUnmarked
	}
	return 0
}

// listUnmarked lists the files of a folder that nothing marks as a project, which has not been done in order
// to detect plugins. A folder that is too large for a walk is refused before anything runs.
func (p *Project) listUnmarked(ctx context.Context) (err error) {
	if p.Root.Marker == "" {
		p.entries, err = p.Tree.Files(ctx)
	}
	return err
}

// filesNearby returns the files of a folder that nothing marks as a project, and of the folders in it, no
// deeper: a walk through a home folder would not end. Of a home folder, and of the root of the file system,
// it returns the files of the folder alone.
func (l loader) filesNearby() (files []string) {
	below := l.Root.Dir != l.env("HOME") && l.Root.Dir != l.env("USERPROFILE") &&
		filepath.Dir(l.Root.Dir) != l.Root.Dir
	for _, e := range readDir(l.Root.Dir) {
		switch {
		case !e.IsDir():
			files = append(files, e.Name())
		case len(files) > maxUnmarked:
			return files // whatever detects a plugin is usually near the root
		case below && !strings.HasPrefix(e.Name(), "."):
			for _, inner := range readDir(filepath.Join(l.Root.Dir, e.Name())) {
				if !inner.IsDir() {
					files = append(files, path.Join(e.Name(), inner.Name()))
				}
			}
		}
	}
	return files
}

// readDir lists a folder; one that cannot be read counts as empty.
func readDir(dir string) []os.DirEntry {
	entries, _ := os.ReadDir(dir)
	return entries
}

// env returns a variable of the caller's environment.
func (p *Project) env(name string) string { return environ.Get(p.Environ, name) }
