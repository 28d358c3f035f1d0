package tree

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"time"
)

// A Handle is an open file or folder of a Recorder.
type Handle struct {
	r       *Recorder
	file    *os.File
	name    string
	real    string
	dir     bool
	sight   *sighting
	prefix  *prefix
	offset  int64
	entries []entry
	listed  bool
	closed  bool
}

// ErrFolder is the error of reading a folder as a file.
var ErrFolder = errors.New("is a folder")

// IsDir reports whether it is a folder. Unlike Stat it depends on no more than the opening.
func (h *Handle) IsDir() bool { return h.dir }

// Name returns the name without symbolic links: the same for each file, however it was opened.
func (h *Handle) Name() string { return h.real }

// Peek returns the size without recording that it was asked for.
func (h *Handle) Peek() int64 { return h.sight.Stamp.Size }

// Size returns the size of a file, in bytes, and 0 for a folder.
func (h *Handle) Size() int64 {
	h.r.mu.Lock()
	defer h.r.mu.Unlock()
	return h.sight.size()
}

// Stat describes the file or folder. The size is recorded when FileInfo.Size is called.
func (h *Handle) Stat() (fs.FileInfo, error) { return info{h}, nil }

// Read reads from where the last Read or Seek ended.
func (h *Handle) Read(b []byte) (int, error) {
	n, err := h.ReadAt(b, h.offset)
	h.offset += int64(n)
	if n > 0 {
		err = nil
	}
	return n, err
}

// ReadAt reads from an offset.
func (h *Handle) ReadAt(b []byte, offset int64) (int, error) {
	h.r.mu.Lock()
	defer h.r.mu.Unlock()
	switch {
	case h.closed:
		return 0, fs.ErrClosed
	case h.dir:
		return 0, &fs.PathError{Op: "read", Path: h.name, Err: ErrFolder}
	case offset < 0:
		return 0, fs.ErrInvalid
	case len(b) == 0:
		return 0, nil
	}
	n, err := h.file.ReadAt(b, offset)
	if h.prefix == nil {
		h.prefix = h.sight.begin()
	}
	h.sight.read(h.prefix, h.file, b[:n], offset, err)
	return n, err
}

// Seek sets where the next Read begins. Seeking from the end records the size.
func (h *Handle) Seek(offset int64, whence int) (int64, error) {
	switch {
	case h.closed:
		return 0, fs.ErrClosed
	case whence == io.SeekCurrent:
		offset += h.offset
	case whence == io.SeekEnd && !h.dir:
		offset += h.Size()
	case whence != io.SeekStart:
		return 0, fs.ErrInvalid
	}
	if offset < 0 {
		return 0, fs.ErrInvalid
	}
	if h.offset = offset; h.dir {
		h.entries, h.listed = nil, false
	}
	return offset, nil
}

// ReadDir lists the folder, sorted by name, as fs.ReadDirFile requires.
func (h *Handle) ReadDir(n int) ([]fs.DirEntry, error) {
	h.r.mu.Lock()
	defer h.r.mu.Unlock()
	if h.closed || !h.dir {
		return nil, &fs.PathError{Op: "readdir", Path: h.name, Err: fs.ErrInvalid}
	}
	if !h.listed {
		if err := h.list(); err != nil {
			return nil, &fs.PathError{Op: "readdir", Path: h.name, Err: err}
		}
	}
	if n > 0 && len(h.entries) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(h.entries) {
		n = len(h.entries)
	}
	out := make([]fs.DirEntry, n)
	for i, e := range h.entries[:n] {
		out[i] = dirEntry{h.r, path.Join(h.name, e.name), e}
	}
	h.entries = h.entries[n:]
	return out, nil
}

func (h *Handle) list() error {
	entries, sum, err := h.r.walk.list(h.real)
	if err != nil {
		h.r.fail(h.sight, err)
		return err
	}
	h.sight.list(sum, linked(entries))
	h.entries, h.listed = entries, true
	return nil
}

// Close closes the file or folder.
func (h *Handle) Close() error {
	h.r.mu.Lock()
	defer h.r.mu.Unlock()
	if h.closed {
		return fs.ErrClosed
	}
	h.closed = true
	h.r.open--
	return h.file.Close()
}

// info is the result of Stat: the name, the kind and, once asked for, the size.
type info struct{ h *Handle }

func (i info) Name() string       { return path.Base(i.h.name) }
func (i info) Size() int64        { return i.h.Size() }
func (i info) IsDir() bool        { return i.h.dir }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }

func (i info) Mode() fs.FileMode {
	if i.h.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

// A dirEntry is one name of a listing.
type dirEntry struct {
	r    *Recorder
	path string
	entry
}

func (e dirEntry) Name() string               { return e.name }
func (e dirEntry) IsDir() bool                { return e.kind.IsDir() }
func (e dirEntry) Type() fs.FileMode          { return e.kind }
func (e dirEntry) Info() (fs.FileInfo, error) { return e.r.Stat(e.path) }
