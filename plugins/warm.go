package plugins

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tetratelabs/wazero/experimental"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/cache"
)

// The compiled form of a module is a folder of its own, in wazero's format, with a marker that is written
// last. A folder without a marker, or one that differs from its marker, is not used.

// A marker names the file with the machine code, and holds its size and checksum.
type marker struct {
	File string `json:"file"`
	Size int64  `json:"size"`
	Sum  uint32 `json:"crc32c"`
}

// engineVersion returns what compiled code depends on besides the module: the version of wazero and the
// machine.
var engineVersion = sync.OnceValue(func() string {
	version := "unknown"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == "github.com/tetratelabs/wazero" {
				version = dep.Version
			}
		}
	}
	return version + "-" + runtime.GOOS + "-" + runtime.GOARCH
})

func (h *Host) compiledDir(digest string) string {
	hex := strings.TrimPrefix(digest, "sha256:")
	return filepath.Join(h.CacheDir, "compiled", hex[:min(len(hex), 32)])
}

func (h *Host) markerFile(digest string) string {
	return filepath.Join(h.compiledDir(digest), engineVersion()+".json")
}

// compiled returns the folder with the compiled form of a module, if it is complete.
func (h *Host) compiled(digest string) (dir string, ok bool) {
	if h.CacheDir == "" {
		return "", false
	}
	dir, name := h.compiledDir(digest), h.markerFile(digest)
	data, err := readOwn(name)
	if err != nil {
		return "", false
	}
	var m marker
	if json.Unmarshal(data, &m) != nil || !filepath.IsLocal(m.File) {
		h.discard(digest)
		return "", false
	}
	if sum, size, err := checksum(filepath.Join(dir, m.File)); err != nil || sum != m.Sum || size != m.Size {
		h.discard(digest)
		return "", false
	}
	if info, err := os.Stat(dir); err == nil {
		h.touch(dir, info)
	}
	return dir, true
}

// hasCompiled reports whether there is a compiled form of a module, without reading it.
func (h *Host) hasCompiled(digest string) bool {
	_, err := os.Stat(h.markerFile(digest))
	return err == nil
}

// discard removes the compiled form of a module.
func (h *Host) discard(digest string) { os.RemoveAll(h.compiledDir(digest)) }

func checksum(file string) (sum uint32, size int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !cache.IsOwn(info) {
		return 0, 0, cmp.Or(err, fs.ErrNotExist)
	}
	h := crc32.New(castagnoli)
	size, err = io.Copy(h, struct{ io.Reader }{bufio.NewReaderSize(f, 1<<18)})
	return h.Sum32(), size, err
}

// Warm compiles the modules that were used so far and have no compiled form in the cache, one after the
// other, so that the next davit need not interpret them. It uses one core and is meant to run beside
// something else. When ctx is done it returns at once, and a module that was being compiled stays without a
// compiled form; that is noted for WarmTime.
func (h *Host) Warm(ctx context.Context) error {
	if h.CacheDir == "" {
		return nil
	}
	for _, m := range h.usedModules() {
		if h.hasCompiled(m.Digest) {
			continue
		}
		if err := h.warmModule(ctx, m); err != nil {
			return err
		}
	}
	h.prune("plans")
	h.prune("compiled")
	return nil
}

// warmModule compiles a module, unless ctx is done first. A module that its process could not compile counts
// as abandoned: its plugin is interpreted as before.
func (h *Host) warmModule(ctx context.Context, m *Module) error {
	done := make(chan error, 1)
	go func() { done <- h.compileModule(ctx, m) }()
	select {
	case <-ctx.Done():
		h.noteAbandoned(m.Digest)
		return context.Cause(ctx)
	case err := <-done:
		if IsFailure(err) {
			h.noteAbandoned(m.Digest)
			return nil
		}
		if err != nil {
			h.warn(err)
		}
		return err
	}
}

// The time that is worth waiting for a compilation, the first time and at most.
const (
	firstWarmTime   = 2 * time.Second
	longestWarmTime = 64 * time.Second
)

// WarmTime returns how long it is worth to wait for Warm, once nothing else is waited for. It doubles with each
// time that a module was abandoned: a machine that needs longer waits a few times and then has the compiled
// form, rather than waiting in vain each time.
func (h *Host) WarmTime() time.Duration {
	wait := firstWarmTime
	for _, m := range h.usedModules() {
		if h.CacheDir == "" || h.hasCompiled(m.Digest) {
			continue
		}
		if info, err := os.Stat(h.abandonedFile(m.Digest)); err == nil {
			wait = max(wait, firstWarmTime<<min(info.Size(), 5))
		}
	}
	return min(wait, longestWarmTime)
}

// abandonedFile returns the file with one byte for each time that the compilation of a module was abandoned.
// It is removed with the compiled form.
func (h *Host) abandonedFile(digest string) string {
	return filepath.Join(h.compiledDir(digest), "abandoned")
}

func (h *Host) noteAbandoned(digest string) {
	name := h.abandonedFile(digest)
	os.MkdirAll(filepath.Dir(name), 0o700)
	f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return // then no compiled form can be written either
	}
	defer f.Close()
	f.Write([]byte{'.'})
}

// usedModules returns the modules that were used so far, sorted by digest.
func (h *Host) usedModules() (all []*Module) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.engines {
		all = append(all, e.module)
	}
	slices.SortFunc(all, func(a, b *Module) int { return strings.Compare(a.Digest, b.Digest) })
	return all
}

// compileModule compiles one module for the next davit.
func (h *Host) compileModule(ctx context.Context, m *Module) error {
	if !m.trusted {
		return h.compileIsolated(ctx, m)
	}
	ctx = context.WithoutCancel(ctx)
	data, err := m.Bytes()
	if err != nil {
		return err
	}
	l, err := h.compileInto(experimental.WithCompilationWorkers(ctx, 1), m.Digest, data)
	if err == nil {
		l.close(ctx)
	}
	return err
}

// compile compiles a module for this davit, and keeps its compiled form if there is a cache.
func (h *Host) compile(ctx context.Context, digest string, data []byte) (*loaded, error) {
	if h.CacheDir == "" {
		return load(ctx, data, "", FromCompiler)
	}
	l, failed := h.compileInto(ctx, digest, data)
	if failed == nil {
		return l, nil
	}
	l, err := load(ctx, data, "", FromCompiler)
	if err == nil {
		h.warn(failed) // it was the cache, not the module
	}
	return l, err
}

// compileInto compiles a module into the cache.
func (h *Host) compileInto(ctx context.Context, digest string, data []byte) (*loaded, error) {
	dir := h.compiledDir(digest)
	h.removeStaleTemp(dir)
	l, err := load(ctx, data, dir, FromCompiler)
	if err != nil {
		return nil, err
	}
	if err := h.writeMarker(digest); err != nil {
		l.close(ctx)
		return nil, err
	}
	return l, nil
}

// removeStaleTemp removes temporary files of a davit that was stopped while writing. They are older than an
// hour, because no write takes that long.
func (h *Host) removeStaleTemp(dir string) {
	stale, _ := filepath.Glob(filepath.Join(dir, "wazero-*", "*.tmp"))
	for _, name := range stale {
		if info, err := os.Stat(name); err == nil && h.Now().Sub(info.ModTime()) > time.Hour {
			os.Remove(name)
		}
	}
}

// writeMarker writes the marker for the file that wazero wrote. On a machine without a compiler there is no
// file and no marker.
func (h *Host) writeMarker(digest string) error {
	dir := h.compiledDir(digest)
	files, err := filepath.Glob(filepath.Join(dir, "wazero-*", "*"))
	if err != nil {
		return err
	}
	for _, name := range files {
		if strings.HasSuffix(name, ".tmp") {
			continue
		}
		sum, size, err := checksum(name)
		if err != nil {
			return err
		}
		local, err := filepath.Rel(dir, name)
		if err != nil {
			return err
		}
		data, err := json.Marshal(marker{local, size, sum})
		if err != nil {
			return err
		}
		return atomicfile.Write(h.markerFile(digest), data, 0o600)
	}
	return nil
}
