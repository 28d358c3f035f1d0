package plugins

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/tetratelabs/wazero"
	experimentalsys "github.com/tetratelabs/wazero/experimental/sys"
	"github.com/tetratelabs/wazero/experimental/sysfs"
	"github.com/tetratelabs/wazero/sys"

	"github.com/davit-dev/davit/internal/tree"
)

// mount mounts the project at "/". It implements wazero's own interface and not fs.FS: the adapter for fs.FS
// does not distinguish "is it a folder?" from "how large is it?", so a plan would depend on the size of every
// file that its plugin opens.
func mount(p *project) wazero.FSConfig {
	return wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(p, "/")
}

// A project is the file system of a plugin. Methods that it does not implement return an error: all that
// write, and links.
type project struct {
	experimentalsys.UnimplementedFS
	ctx     context.Context
	seen    *tree.Recorder
	stop    context.CancelCauseFunc // called when the plugin reads or lists more than it may
	read    int                     // bytes
	entries int                     // that may be listed; 0 is no limit
	listed  map[string]int          // entries of each folder
	total   int                     // entries of all of them
}

// hasRead counts bytes, and stops the plugin if they are too many.
func (p *project) hasRead(n int) {
	if p.read += n; p.read > maxRead {
		p.stop(errRead)
	}
}

// hasListed counts the entries of a folder, which may be listed again, and stops the plugin if all folders
// together have too many.
func (p *project) hasListed(folder string, total int) {
	if p.entries == 0 {
		return
	}
	if p.listed == nil {
		p.listed = map[string]int{}
	}
	if more := total - p.listed[folder]; more > 0 {
		p.listed[folder] = total
		p.total += more
	}
	if p.total > p.entries {
		p.stop(&LargeError{LargeError: tree.LargeError{Limit: p.entries}})
	}
}

const writing = experimentalsys.O_RDWR | experimentalsys.O_WRONLY | experimentalsys.O_CREAT | experimentalsys.O_TRUNC | experimentalsys.O_APPEND

// OpenFile opens a file or folder for reading.
func (p *project) OpenFile(
	name string, flag experimentalsys.Oflag, _ fs.FileMode,
) (experimentalsys.File, experimentalsys.Errno) {
	if flag&writing != 0 {
		return nil, experimentalsys.EROFS
	}
	if p.ctx.Err() != nil {
		return nil, experimentalsys.EIO
	}
	h, err := p.seen.OpenFile(path.Clean(name))
	if errors.Is(err, tree.ErrTooMuch) {
		p.stop(tree.ErrTooMuch)
	}
	if err != nil {
		return nil, errno(err)
	}
	if strings.HasSuffix(name, "/") && !h.IsDir() {
		h.Close()
		return nil, experimentalsys.ENOTDIR
	}
	return &file{project: p, handle: h}, 0
}

// Stat returns the type and the size of a file.
func (p *project) Stat(name string) (sys.Stat_t, experimentalsys.Errno) {
	f, code := p.OpenFile(name, experimentalsys.O_RDONLY, 0)
	if code != 0 {
		return sys.Stat_t{}, code
	}
	defer f.Close()
	return f.Stat()
}

// Lstat returns the same as Stat, because opening a link opens its target.
func (p *project) Lstat(name string) (sys.Stat_t, experimentalsys.Errno) { return p.Stat(name) }

// The methods that write.

func (*project) Mkdir(string, fs.FileMode) experimentalsys.Errno    { return experimentalsys.EROFS }
func (*project) Chmod(string, fs.FileMode) experimentalsys.Errno    { return experimentalsys.EROFS }
func (*project) Rename(string, string) experimentalsys.Errno        { return experimentalsys.EROFS }
func (*project) Rmdir(string) experimentalsys.Errno                 { return experimentalsys.EROFS }
func (*project) Unlink(string) experimentalsys.Errno                { return experimentalsys.EROFS }
func (*project) Link(string, string) experimentalsys.Errno          { return experimentalsys.EROFS }
func (*project) Symlink(string, string) experimentalsys.Errno       { return experimentalsys.EROFS }
func (*project) Utimens(string, int64, int64) experimentalsys.Errno { return experimentalsys.EROFS }

// A file is an open file or folder of a plugin. A plugin may read a million times in one run, so each read
// checks the deadline.
type file struct {
	experimentalsys.UnimplementedFile
	project    *project
	handle     *tree.Handle
	listed     int  // entries since the last Seek
	statCalled bool // Stat was called, perhaps for the size
}

// Dev returns the same device for all files.
func (f *file) Dev() (uint64, experimentalsys.Errno) { return 1, 0 }

// Ino returns a hash of the name, which is the same on every machine.
func (f *file) Ino() (sys.Inode, experimentalsys.Errno) { return inode(f.handle.Name()), 0 }

// IsDir reports whether the file is a folder.
func (f *file) IsDir() (bool, experimentalsys.Errno) { return f.handle.IsDir(), 0 }

// IsAppend returns false. wazero calls it right after Stat when a program asks for the type of a file, as Go
// does whenever it opens one; that call of Stat was not for the size.
func (f *file) IsAppend() bool {
	f.statCalled = false
	return false
}

// Stat returns the type and the size. Whether the size was asked for is known at the next call.
func (f *file) Stat() (sys.Stat_t, experimentalsys.Errno) {
	f.settle()
	f.statCalled = true
	st := sys.Stat_t{Dev: 1, Ino: inode(f.handle.Name()), Nlink: 1, Mode: 0o444, Size: f.handle.Peek()}
	if f.handle.IsDir() {
		st.Mode = fs.ModeDir | 0o555
	}
	return st, 0
}

// settle records the size of the file as a dependency, if it was asked for.
func (f *file) settle() {
	if f.statCalled {
		f.handle.Size()
	}
	f.statCalled = false
}

// Read reads the next bytes.
func (f *file) Read(b []byte) (int, experimentalsys.Errno) {
	if f.settle(); f.project.ctx.Err() != nil {
		return 0, experimentalsys.EIO
	}
	n, err := f.handle.Read(b)
	f.project.hasRead(n)
	return n, errno(err)
}

// Pread reads at an offset.
func (f *file) Pread(b []byte, offset int64) (int, experimentalsys.Errno) {
	if f.settle(); f.project.ctx.Err() != nil {
		return 0, experimentalsys.EIO
	}
	n, err := f.handle.ReadAt(b, offset)
	f.project.hasRead(n)
	return n, errno(err)
}

// An offset is an int64. With this type, vet does not take the method below for io.Seeker's, which returns
// another error type.
type offset = int64

// Seek sets the offset for the next Read.
func (f *file) Seek(offset offset, whence int) (int64, experimentalsys.Errno) {
	f.settle()
	f.listed = 0
	at, err := f.handle.Seek(offset, whence)
	return at, errno(err)
}

// Readdir lists a folder.
func (f *file) Readdir(n int) ([]experimentalsys.Dirent, experimentalsys.Errno) {
	if !f.handle.IsDir() {
		return nil, experimentalsys.ENOTDIR
	}
	if f.project.ctx.Err() != nil {
		return nil, experimentalsys.EIO
	}
	entries, err := f.handle.ReadDir(n)
	f.listed += len(entries)
	f.project.hasListed(f.handle.Name(), f.listed)
	var out []experimentalsys.Dirent
	for _, e := range entries {
		out = append(out, experimentalsys.Dirent{Name: e.Name(), Type: e.Type(),
			Ino: inode(path.Join(f.handle.Name(), e.Name()))})
	}
	return out, errno(err)
}

// Write returns an error, as do the other methods that change a file.
func (f *file) Write([]byte) (int, experimentalsys.Errno)         { return 0, experimentalsys.EROFS }
func (f *file) Pwrite([]byte, int64) (int, experimentalsys.Errno) { return 0, experimentalsys.EROFS }
func (f *file) Truncate(int64) experimentalsys.Errno              { return experimentalsys.EROFS }
func (f *file) Utimens(int64, int64) experimentalsys.Errno        { return experimentalsys.EROFS }

// Close closes the file.
func (f *file) Close() experimentalsys.Errno {
	f.settle()
	return errno(f.handle.Close())
}

func inode(name string) sys.Inode {
	h := fnv.New64a()
	io.WriteString(h, name)
	return max(h.Sum64(), 1)
}

func errno(err error) experimentalsys.Errno {
	switch {
	case err == nil || err == io.EOF:
		return 0
	case errors.Is(err, fs.ErrNotExist):
		return experimentalsys.ENOENT
	case errors.Is(err, fs.ErrInvalid):
		return experimentalsys.EINVAL
	case errors.Is(err, fs.ErrClosed):
		return experimentalsys.EBADF
	case errors.Is(err, tree.ErrFolder):
		return experimentalsys.EISDIR
	}
	return experimentalsys.EIO
}
