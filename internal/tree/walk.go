package tree

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// toolFolders are the folders in which tools keep what the project did not write, whatever .gitignore says.
var toolFolders = map[string]bool{
	".git": true, ".hg": true, ".svn": true, ".jj": true, "node_modules": true, "bower_components": true, ".venv": true,
	"venv": true, "__pycache__": true, ".pytest_cache": true, ".mypy_cache": true, ".ruff_cache": true, ".tox": true,
	".nox": true, ".eggs": true, "target": true, ".gradle": true, ".next": true, ".nuxt": true, ".svelte-kit": true,
	".turbo": true, ".cache": true, ".parcel-cache": true, ".nyc_output": true, ".yarn": true, ".pnpm-store": true,
	"htmlcov": true, ".hypothesis": true, ".idea": true, ".direnv": true, ".terraform": true,
}

// toolFiles are the files in which tools keep their state.
var toolFiles = map[string]bool{".coverage": true, ".eslintcache": true, ".DS_Store": true, ".stylelintcache": true}

// walkFiles finds the files without git.
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
		if dir == "." {
			return err
		}
		return nil // a folder that cannot be read, or is gone, has nothing to offer
	}
	rules = append(rules[:len(rules):len(rules)], t.rulesOf(dir)...)
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
	f, err := t.root.Open(filepath.FromSlash(dir))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1)
}

func (t *Tree) rulesOf(dir string) []rule {
	data, err := t.root.ReadFile(filepath.FromSlash(path.Join(dir, ".gitignore")))
	if err != nil {
		return nil
	}
	return parseIgnore(dir, strings.TrimPrefix(string(data), "\ufeff"))
}
