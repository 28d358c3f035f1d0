package runner

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// keepBytes is how much of files is held in memory while a step that must only read runs. A project has few files
// with changes that git does not have.
const keepBytes = 64 << 20

// keptFor is how long earlier contents of files stay in the cache.
const keptFor = 30 * 24 * time.Hour

// A keeper has the contents of files before steps run, and writes those that a step overwrote into a folder of the
// cache. Nothing is put back: the step may have been right.
type keeper struct {
	files *Files
	dir   string // of the cache; "" keeps nothing
	now   func() time.Time
}

// before returns the contents that git does not have of the files in a view, by name. Several checks that run with one
// view share them.
func (k *keeper) before(ctx context.Context, v *view) map[string][]byte {
	v.readUnsaved.Do(func() {
		names := v.guarded
		if v.git {
			names, _ = k.files.tree.Unstaged(ctx) // if git is not well, the listing of files reports it
		}
		v.unsaved = k.read(names)
	})
	return v.unsaved
}

// read returns the contents of files, as many as there is room for.
func (k *keeper) read(names []string) map[string][]byte {
	contents, room := map[string][]byte{}, int64(keepBytes)
	root, err := k.files.root()
	if k.dir == "" || err != nil {
		return contents
	}
	for _, name := range names {
		info, err := root.Lstat(local(name))
		if err != nil || !info.Mode().IsRegular() || info.Size() > room {
			continue
		}
		if data, err := root.ReadFile(local(name)); err == nil {
			contents[name], room = data, room-int64(len(data))
		}
	}
	return contents
}

// save writes the earlier contents of files into a new folder, and returns it and the files; "" if there are none.
func (k *keeper) save(changed []string, contents map[string][]byte) (dir string, saved []string) {
	saved = slices.DeleteFunc(slices.Clone(changed), func(name string) bool { return contents[name] == nil })
	if len(saved) == 0 {
		return "", nil
	}
	k.dropOld()
	dir = filepath.Join(k.dir, k.now().UTC().Format("2006-01-02T150405.000000"))
	for i, name := range saved {
		full := filepath.Join(dir, local(name))
		if errors.Join(os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, contents[name], 0o600)) != nil {
			return dir, saved[:i]
		}
	}
	return dir, saved
}

// dropOld removes the folders that are older than keptFor.
func (k *keeper) dropOld() {
	old, _ := os.ReadDir(k.dir)
	for _, e := range old {
		if info, err := e.Info(); err == nil && k.now().Sub(info.ModTime()) > keptFor {
			_ = os.RemoveAll(filepath.Join(k.dir, e.Name()))
		}
	}
}
