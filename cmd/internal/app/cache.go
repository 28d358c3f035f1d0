package app

import (
	"fmt"
	"path/filepath"

	"github.com/davit-dev/davit/internal/cache"
)

// The folders of the cache.
const (
	storeDir   = "store"   // results of steps
	pluginsDir = "plugins" // plans, and compiled plugins
	imagesDir  = "images"  // images on their way to a registry
	keptDir    = "kept"    // contents of files that a check overwrote
)

// secureCache goes on without a cache if others could put entries into it.
func (p *Project) secureCache() {
	if p.Cache == "" {
		return
	}
	dropped, err := cache.Secure(p.Cache, storeDir, pluginsDir, imagesDir)
	switch {
	case err != nil:
		p.Warn(fmt.Sprintf("the cache is not used: %v; DAVIT_CACHE=DIR chooses another folder", err))
		p.Cache = ""
	case dropped:
		p.Warn(fmt.Sprintf(
			"other users could write to the cache in %q: it is closed to them now, and its entries are dropped",
			p.Cache))
	}
}

// cacheDir returns a folder of the cache; empty if there is no cache.
func (p *Project) cacheDir(name string) string { return cacheDir(p.Cache, name) }

func cacheDir(cache, name string) string {
	if cache == "" {
		return ""
	}
	return filepath.Join(cache, name)
}

// keptDir returns the folder of the cache for the contents of files that a check of this project overwrote.
func (p *Project) keptDir() string {
	if p.Cache == "" {
		return ""
	}
	return filepath.Join(p.Cache, keptDir, p.Key())
}
