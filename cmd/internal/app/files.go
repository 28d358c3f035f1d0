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

// list finds the files that plugins may be detected by.
func (p *Project) list(ctx context.Context) error {
	if p.Root.Marker == "" {
		p.files = p.near()
		return nil
	}
	entries, err := p.Tree.Files(ctx)
	if err != nil {
		return err
	}
	p.entries = entries
	for _, e := range entries {
		p.files = append(p.files, e.Path)
	}
	if len(p.Config.Hide) > 0 {
		p.files = slices.DeleteFunc(p.files, p.Tree.Hides)
	}
	return nil
}

// near are the files in a folder that nothing marks as a project, and one folder below: it may hold anything, and a walk through
// somebody's home has no end. There, and at the root of the file system, only the folder itself counts.
func (p *Project) near() (files []string) {
	below := p.Root.Dir != p.env("HOME") && p.Root.Dir != p.env("USERPROFILE") && filepath.Dir(p.Root.Dir) != p.Root.Dir
	for _, e := range readDir(p.Root.Dir) {
		switch {
		case !e.IsDir():
			files = append(files, e.Name())
		case below && !strings.HasPrefix(e.Name(), "."):
			for _, inner := range readDir(filepath.Join(p.Root.Dir, e.Name())) {
				if !inner.IsDir() {
					files = append(files, path.Join(e.Name(), inner.Name()))
				}
			}
		}
	}
	return files
}

// readDir lists a folder; one that cannot be read has nothing in it that davit could use.
func readDir(dir string) []os.DirEntry {
	entries, _ := os.ReadDir(dir)
	return entries
}

// env returns a variable of the caller's environment.
func (p *Project) env(name string) string { return environ.Get(p.Environ, name) }
