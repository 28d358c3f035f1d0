package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/davit-dev/davit/plugins/plan"
)

// A Project is the project that a plugin plans. All paths are slash-separated and relative to the root of the
// project, which is ".".
type Project struct {
	plan.Project
	// Config is the table "config" of the plugin in project.toml as JSON; see Configure.
	Config json.RawMessage
	// Files holds the files that the manifest lists under "reads".
	Files map[string]string
	// FS is the project, read-only. It does not contain .git, .env files and what project.toml hides.
	FS fs.FS
}

// Configure decodes the configuration of the plugin into the struct that v points to, by its json tags.
// Unknown keys and wrong types are errors that name [plugins.NAME]; the plugin returns them.
func (p *Project) Configure(name string, v any) error {
	if len(p.Config) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(p.Config))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		text := strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "unknown key", 1)
		return fmt.Errorf("[plugins.%s] config: %s", name, text)
	}
	return nil
}

// Read returns the content of a file, and whether the file exists. If it is larger than 1 MiB (a manifest or other
// configuration, by its name) or 64 MiB (a lock file), the plugin ends with an error that says so; any other file
// above 64 MiB is as if it were not there.
func (p *Project) Read(name string) (string, bool) {
	if text, ok := p.Files[name]; ok {
		return text, true
	}
	data, err := p.read(name)
	return string(data), err == nil
}

// Head returns the first n bytes of a file. davit runs the plugin again if these bytes change; after Read, it
// does so if any byte changes.
func (p *Project) Head(name string, n int) string {
	f, err := p.FS.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, n)
	got, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return ""
	}
	return string(head[:got])
}

// Exists reports whether there is a file or folder with that name. It opens the file, because asking for its
// size would make the plan depend on the size.
func (p *Project) Exists(name string) bool {
	f, err := p.FS.Open(name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// FirstOf returns the first of the names that exists, or "".
func (p *Project) FirstOf(names ...string) string {
	for _, name := range names {
		if p.Exists(name) {
			return name
		}
	}
	return ""
}

// List returns the names in a folder, sorted, with a "/" behind folders, without those that no step may have: see
// plan.OutOfBounds, and what cannot be seen. It returns nil if there is no such folder.
func (p *Project) List(dir string) []string {
	entries, err := fs.ReadDir(p.FS, path.Clean(dir))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		switch {
		case plan.OutOfBounds(e.Name()) != "", !visible(e.Name()):
		case e.IsDir():
			names = append(names, e.Name()+"/")
		default:
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// visible reports whether all of a name can be seen.
func visible(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}

// Find returns the files at most depth folders below the root for which keep returns true, sorted. It does
// not enter hidden folders or those that usually hold foreign files (node_modules, vendor, target, testdata,
// …; see Foreign).
func (p *Project) Find(depth int, keep func(name string) bool) []string {
	var found []string
	p.find(".", depth, keep, &found)
	slices.Sort(found)
	return found
}

func (p *Project) find(dir string, depth int, keep func(string) bool, found *[]string) {
	for _, name := range p.List(dir) {
		full := path.Join(dir, name)
		switch folder := strings.HasSuffix(name, "/"); {
		case !folder && keep(full):
			*found = append(*found, full)
		case folder && depth > 0 && !Foreign(path.Base(full)):
			p.find(full, depth-1, keep, found)
		}
	}
}
