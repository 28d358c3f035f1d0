package pluginreg

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
)

// files are project.toml and project.lock of a project, as they are.
type files struct {
	dir        string
	text, lock []byte
	config     *project.Project
	pins       *project.Lock
}

// open reads the files of a project. One that is absent counts as empty.
func open(dir string) (f *files, err error) {
	f = &files{dir: dir, pins: &project.Lock{Version: 1}}
	if f.text, err = read(dir, project.File, regular.Config); err != nil {
		return nil, err
	}
	if f.lock, err = read(dir, project.LockFile, regular.Lock); err != nil {
		return nil, err
	}
	if f.config, err = project.Parse(f.text); err != nil {
		return nil, err
	}
	if len(f.lock) > 0 {
		f.pins, err = project.ParseLock(f.lock)
	}
	if f.pins != nil {
		f.pins.Plugins, f.pins.Conventions = orEmpty(f.pins.Plugins), orEmpty(f.pins.Conventions)
	}
	return f, err
}

func orEmpty(pins map[string]string) map[string]string {
	if pins == nil {
		return map[string]string{}
	}
	return pins
}

func read(dir, name string, limit int64) ([]byte, error) {
	data, err := regular.ReadInside(dir, name, limit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Preconditionf("", "%s cannot be read: %s", name, regular.Reason(err))
	}
	return data, nil
}

// An Edit is a file of a project, and what it becomes.
type Edit struct {
	File     string
	Was, Now []byte
}

// edits returns what becomes of the two files.
func (f *files) edits(text []byte) []Edit {
	f.unpinUnused(text)
	edits := []Edit{{project.File, f.text, text}, {project.LockFile, f.lock, f.pins.Format()}}
	if len(f.lock) == 0 && len(f.pins.Plugins)+len(f.pins.Conventions) == 0 {
		edits = edits[:1]
	}
	return edits
}

// unpinUnused removes the pins of what the text does not name. What a convention in a file of the project names stays.
func (f *files) unpinUnused(text []byte) {
	config, err := project.Parse(text)
	if err != nil {
		return // the text has been parsed already
	}
	used := map[string]bool{config.Convention: true}
	for _, p := range config.Plugins {
		used[p.From] = true
	}
	for _, ref := range referencesOf(f.dir, config.Convention) {
		used[ref] = true
	}
	for _, pins := range []map[string]string{f.pins.Plugins, f.pins.Conventions} {
		maps.DeleteFunc(pins, func(ref, _ string) bool { return !used[ref] })
	}
}

// write writes edits, the lock last: a plugin without a pin is refused, and one that nobody names does no harm. If a file has
// changed since they were proposed, nothing is written.
func write(dir string, edits []Edit) error {
	for _, e := range edits {
		is, err := read(dir, e.File, regular.Lock)
		if err != nil {
			return err
		}
		if string(is) != string(e.Was) {
			return fault.Refusef("run it again", "%s has changed meanwhile; nothing was written", e.File)
		}
	}
	for _, e := range edits {
		if string(e.Was) == string(e.Now) {
			continue
		}
		if err := atomicfile.Write(filepath.Join(dir, e.File), e.Now, 0o644); err != nil {
			return err
		}
	}
	return nil
}
