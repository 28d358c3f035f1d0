package tree

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// toolFolders are the folders of tools, which are not part of the project, whatever .gitignore says.
var toolFolders = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".jj": true, "node_modules": true, "bower_components": true,
	".venv": true,
	"venv":  true, "__pycache__": true, ".pytest_cache": true, ".mypy_cache": true, ".ruff_cache": true,
	".tox": true,
	".nox": true, ".eggs": true, "target": true, ".gradle": true, ".next": true, ".nuxt": true,
	".svelte-kit": true,
	".turbo":      true, ".cache": true, ".parcel-cache": true, ".nyc_output": true, ".yarn": true,
	".pnpm-store": true,
	"htmlcov":     true, ".hypothesis": true, ".idea": true, ".direnv": true, ".terraform": true,
}

// toolFiles are the files in which tools keep their state.
var toolFiles = map[string]bool{".coverage": true, ".eslintcache": true, ".DS_Store": true,
	".stylelintcache": true}

// walkFiles lists the files without git.
func (t *Tree) walkFiles() ([]Entry, error) {
	var entries []Entry
	if err := t.walkFolder(".", nil, &entries); err != nil {
		return nil, err
	}
	return sortEntries(entries), nil
}

func (t *Tree) walkFolder(dir string, rules []rule, entries *[]Entry) error {
	found, err := t.readFolder(dir)
	if err != nil {
		if dir != "." && !IsUnknown(err) {
			return nil // gone meanwhile, or not for the user to read
		}
		return fmt.Errorf("the folder %q cannot be listed: %w", dir, withoutPath(err))
	}
	own, err := t.rulesOf(dir, found)
	if err != nil {
		return fmt.Errorf("%q cannot be read: %w", path.Join(dir, ignoreFile), withoutPath(err))
	}
	rules = append(rules[:len(rules):len(rules)], own...)
	for _, e := range found {
		name := path.Join(dir, e.Name())
		switch {
		case e.IsDir() && (toolFolders[e.Name()] || ignored(rules, name, true)):
		case e.IsDir():
			if err := t.walkFolder(name, rules, entries); err != nil {
				return err
			}
		case toolFiles[e.Name()] || ignored(rules, name, false):
		case e.Type().IsRegular() || e.Type()&fs.ModeSymlink != 0:
			*entries = append(*entries, Entry{Path: name})
		}
	}
	return nil
}

func (t *Tree) readFolder(dir string) ([]os.DirEntry, error) {
	f, err := t.root.OpenFile(filepath.FromSlash(dir), os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

const ignoreFile = ".gitignore"

// rulesOf returns the rules of the .gitignore among the entries of a folder. A .gitignore that is not a file,
// or that the user may not read, has none.
func (t *Tree) rulesOf(dir string, entries []os.DirEntry) ([]rule, error) {
	if !slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == ignoreFile }) {
		return nil, nil
	}
	f, err := t.root.OpenFile(filepath.FromSlash(path.Join(dir, ignoreFile)), os.O_RDONLY|nonblock, 0)
	if err != nil {
		if !IsUnknown(err) {
			err = nil
		}
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return parseIgnore(dir, strings.TrimPrefix(string(data), "\ufeff")), nil
}
