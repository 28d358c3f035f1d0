package plugindev

import (
	"embed"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins"
)

// templates are the files of a new plugin: those of every language in new/common, and those of one.
//
//go:embed new
var templates embed.FS

// New writes a plugin with one fixture into a new folder, and returns the files.
func (Tools) New(dir, name, language string) (files []string, err error) {
	if _, err := os.Stat(dir); err == nil {
		return nil, fault.Refusef("choose another name", "%q exists already", dir)
	}
	for _, folder := range []string{"new/common", "new/" + language} {
		err := fs.WalkDir(templates, folder, func(file string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			text, err := templates.ReadFile(file)
			if err != nil {
				return err
			}
			rel := strings.TrimPrefix(file, folder+"/")
			if path.Ext(strings.TrimSuffix(rel, ".txt")) != "" { // of sources, which are none of davit
				rel = strings.TrimSuffix(rel, ".txt")
			}
			filled := strings.ReplaceAll(string(text), "NAME", name)
			if rel == "plugin.toml" {
				if _, err := plugins.ParseManifest(rel, []byte(filled)); err != nil {
					return err
				}
			}
			files = append(files, strings.ReplaceAll(rel, "NAME", name))
			return atomicfile.Write(filepath.Join(dir, filepath.FromSlash(files[len(files)-1])), []byte(filled), 0o644)
		})
		if err != nil {
			return nil, err
		}
	}
	return files, nil
}
