package plugins

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// maxUnused is how long what nobody uses stays in the cache.
const maxUnused = 30 * 24 * time.Hour

// writeFile writes a file so that everyone who reads it sees all of it, or the one before.
func writeFile(name string, data []byte) error {
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, filepath.Base(name)+".*.tmp")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// warn says, once, that there is no cache.
func (h *Host) warn(err error) {
	if h.Warn != nil {
		h.warned.Do(func() {
			h.Warn("nothing is remembered for the next run, because the cache cannot be written: " + err.Error())
		})
	}
}

// touch marks a file as used, once a day.
func (h *Host) touch(name string, info os.FileInfo) {
	if now := h.Now(); now.Sub(info.ModTime()) > 24*time.Hour {
		os.Chtimes(name, now, now)
	}
}

// prune removes what was not used for long from a folder of the cache.
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
