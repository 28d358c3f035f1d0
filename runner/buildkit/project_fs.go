package buildkit

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

// A projectFS has the files of the project that the engine may read, and no others. What does not decide a
// result is the same on every machine: the owner, and all of the mode but the executable bit.
type projectFS struct {
	root  *os.Root
	names []string
}

// Walk visits the files, each folder before its entries, in the order that BuildKit's file transfer expects.
func (p *projectFS) Walk(ctx context.Context, target string, fn fs.WalkDirFunc) error {
	for _, name := range p.entries() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if t := filepath.ToSlash(target); t != "" && t != "." && t != "/" && name != t &&
			!strings.HasPrefix(name, t+"/") {
			continue
		}
		stat, err := p.stat(name)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := fn(filepath.FromSlash(name), &fsutil.DirEntryInfo{Stat: stat}, nil); err != nil &&
			err != filepath.SkipDir {
			return err
		}
	}
	return nil
}

// entries returns the files and all folders above them.
func (p *projectFS) entries() []string {
	seen := map[string]bool{}
	var all []string
	for _, name := range p.names {
		for at := name; at != "." && !seen[at]; at = path.Dir(at) {
			seen[at] = true
			all = append(all, at)
		}
	}
	slices.SortFunc(all, fsutil.ComparePath)
	return all
}

func (p *projectFS) stat(name string) (*types.Stat, error) {
	local := filepath.FromSlash(name)
	info, err := p.root.Lstat(local)
	if err != nil {
		return nil, err
	}
	stat := &types.Stat{Path: local, ModTime: info.ModTime().UnixNano(),
		Mode: uint32(info.Mode().Type() | normalPerm(info.Mode()))}
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		stat.Linkname, err = p.root.Readlink(local)
		stat.Size = int64(len(stat.Linkname))
	case info.Mode().IsRegular():
		stat.Size = info.Size()
	}
	return stat, err
}

// normalPerm returns the permissions of a file under the usual umask.
func normalPerm(mode fs.FileMode) fs.FileMode {
	switch {
	case mode&os.ModeSymlink != 0:
		return 0o777
	case mode.IsDir() || mode&0o111 != 0:
		return 0o755
	}
	return 0o644
}

// Open opens one of the files.
func (p *projectFS) Open(name string) (io.ReadCloser, error) {
	return p.root.Open(strings.TrimPrefix(filepath.Clean(name), string(filepath.Separator)))
}

// sources are the local sources that the session serves, by name.
type sources struct {
	mu    sync.Mutex
	named map[string]fsutil.FS
}

// LookupDir returns a source for the session.
func (s *sources) LookupDir(name string) (fsutil.FS, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.named[name]
	return found, ok
}

func (s *sources) serve(name string, files fsutil.FS) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.named == nil {
		s.named = map[string]fsutil.FS{}
	}
	s.named[name] = files
}
