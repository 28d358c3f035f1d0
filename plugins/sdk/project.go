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

	"github.com/davit-dev/davit/plugins/plan"
)

// Project is what a plugin sees. All paths are slash-separated and relative to the root of the project, "." itself.
type Project struct {
	plan.Project
	// Config is the table "config" of the plugin in project.toml as JSON; see Configure.
	Config json.RawMessage
	// Files holds what the manifest lists under "reads".
	Files map[string]string
	// FS is the project, read-only. What git keeps for itself, .env files and what project.toml hides are not in it.
	FS fs.FS
}

// Configure decodes the configuration of the plugin into the struct that v points to, by its json tags. Unknown keys and
// wrong types are errors that name [plugins.NAME], for the plugin to return.
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

// Read returns the content of a file, and whether there is such a file.
func (p *Project) Read(name string) (string, bool) {
	if text, ok := p.Files[name]; ok {
		return text, true
	}
	data, err := fs.ReadFile(p.FS, name)
	return string(data), err == nil
}

// Head returns the first n bytes of a file. A later change behind them does not make davit ask the plugin again, which Read
// would.
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

// Exists tells whether there is a file or folder of that name. It opens it, since asking for its size would make the plan
// depend on the size.
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

// List returns the names in a folder, sorted, folders with a "/" behind; nothing where there is no such folder.
func (p *Project) List(dir string) []string {
	entries, err := fs.ReadDir(p.FS, path.Clean(dir))
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name()+"/")
		} else {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}

// Find returns the files at most depth folders below the root for which keep is true, sorted. It does not enter hidden
// folders nor the ones in which tools put what is not the project's own (node_modules, vendor, target, testdata, …).
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
