package plugins

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/davit-dev/davit/internal/cache"
)

// maxUnused is how long an unused entry stays in the cache.
const maxUnused = 30 * 24 * time.Hour

// warn reports, once, that the cache cannot be written.
func (h *Host) warn(err error) {
	if h.Warn != nil {
		h.warned.Do(func() {
			h.Warn("the cache is disabled, because it cannot be written: " + err.Error())
		})
	}
}

// readOwn reads a file of the cache. One that somebody else has put there is as good as none.
func readOwn(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !cache.IsOwn(info) {
		return nil, fs.ErrNotExist
	}
	return io.ReadAll(f)
}

// touch sets the modification time of a file that is used, at most once a day.
func (h *Host) touch(name string, info os.FileInfo) {
	if now := h.Now(); now.Sub(info.ModTime()) > 24*time.Hour {
		os.Chtimes(name, now, now)
	}
}

// prune removes entries from a folder of the cache that were not used for a long time.
func (h *Host) prune(folder string) {
	dir := filepath.Join(h.CacheDir, folder)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && h.Now().Sub(info.ModTime()) > maxUnused {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
}
