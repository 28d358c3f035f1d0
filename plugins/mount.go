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

// mount shows the project at "/". It is wazero's own interface and not an fs.FS, because to that adapter "is it a folder?" and
// "how large is it?" are one question, and a plan would depend on the size of every file that its plugin opened.
//
// Stop is called when the plugin looks at more than it may.
func mount(ctx context.Context, seen *tree.Recorder, stop context.CancelCauseFunc) wazero.FSConfig {
	return wazero.NewFSConfig().(sysfs.FSConfig).WithSysFSMount(&project{ctx: ctx, seen: seen, stop: stop}, "/")
}

// project is the file system of a plugin. What it does not implement is refused: every way to write, and links.
type project struct {
	experimentalsys.UnimplementedFS
	ctx  context.Context
	seen *tree.Recorder
	stop context.CancelCauseFunc
}

const writing = experimentalsys.O_RDWR | experimentalsys.O_WRONLY | experimentalsys.O_CREAT | experimentalsys.O_TRUNC | experimentalsys.O_APPEND

// OpenFile opens for reading.
func (p *project) OpenFile(name string, flag experimentalsys.Oflag, _ fs.FileMode) (experimentalsys.File, experimentalsys.Errno) {
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
	return &file{ctx: p.ctx, handle: h}, 0
}

// Stat tells what is at a name, and its size.
func (p *project) Stat(name string) (sys.Stat_t, experimentalsys.Errno) {
	f, code := p.OpenFile(name, experimentalsys.O_RDONLY, 0)
	if code != 0 {
		return sys.Stat_t{}, code
	}
	defer f.Close()
	return f.Stat()
}

// Lstat is Stat: a link is what it leads to, once it is opened.
func (p *project) Lstat(name string) (sys.Stat_t, experimentalsys.Errno) { return p.Stat(name) }

// The ways to write.

func (*project) Mkdir(string, fs.FileMode) experimentalsys.Errno    { return experimentalsys.EROFS }
func (*project) Chmod(string, fs.FileMode) experimentalsys.Errno    { return experimentalsys.EROFS }
func (*project) Rename(string, string) experimentalsys.Errno        { return experimentalsys.EROFS }
func (*project) Rmdir(string) experimentalsys.Errno                 { return experimentalsys.EROFS }
func (*project) Unlink(string) experimentalsys.Errno                { return experimentalsys.EROFS }
func (*project) Link(string, string) experimentalsys.Errno          { return experimentalsys.EROFS }
func (*project) Symlink(string, string) experimentalsys.Errno       { return experimentalsys.EROFS }
func (*project) Utimens(string, int64, int64) experimentalsys.Errno { return experimentalsys.EROFS }

// file is an open file or folder of a plugin. One call of a plugin may read a million times, so each looks at the deadline.
type file struct {
	experimentalsys.UnimplementedFile
	ctx        context.Context
	handle     *tree.Handle
	statCalled bool // Stat was called, and maybe for the size
}

// Dev is one device for all.
func (f *file) Dev() (uint64, experimentalsys.Errno) { return 1, 0 }

// Ino is made of the name, so that it is the same on every machine.
func (f *file) Ino() (sys.Inode, experimentalsys.Errno) { return inode(f.handle.Name()), 0 }

// IsDir tells whether it is a folder.
func (f *file) IsDir() (bool, experimentalsys.Errno) { return f.handle.IsDir(), 0 }

// IsAppend is false. wazero asks for it right after Stat when a program wants to know what kind of file it has, as Go does
// whenever it opens one; that Stat was not for the size.
func (f *file) IsAppend() bool {
	f.statCalled = false
	return false
}

// Stat tells the kind and the size. Whether the size was wanted shows by what is called next.
func (f *file) Stat() (sys.Stat_t, experimentalsys.Errno) {
	f.settle()
	f.statCalled = true
	st := sys.Stat_t{Dev: 1, Ino: inode(f.handle.Name()), Nlink: 1, Mode: 0o444, Size: f.handle.Peek()}
	if f.handle.IsDir() {
		st.Mode = fs.ModeDir | 0o555
	}
	return st, 0
}

// settle records that the size was asked for, if it was.
func (f *file) settle() {
	if f.statCalled {
		f.handle.Size()
	}
	f.statCalled = false
}

// Read reads on.
func (f *file) Read(b []byte) (int, experimentalsys.Errno) {
	if f.settle(); f.ctx.Err() != nil {
		return 0, experimentalsys.EIO
	}
	n, err := f.handle.Read(b)
	return n, errno(err)
}

// Pread reads at an offset.
func (f *file) Pread(b []byte, offset int64) (int, experimentalsys.Errno) {
	if f.settle(); f.ctx.Err() != nil {
		return 0, experimentalsys.EIO
	}
	n, err := f.handle.ReadAt(b, offset)
	return n, errno(err)
}

// offset is an int64. By that name the method below is not taken for io.Seeker's, which returns another kind of error.
type offset = int64

// Seek moves where Read reads on.
func (f *file) Seek(offset offset, whence int) (int64, experimentalsys.Errno) {
	f.settle()
	at, err := f.handle.Seek(offset, whence)
	return at, errno(err)
}

// Readdir lists the folder.
func (f *file) Readdir(n int) ([]experimentalsys.Dirent, experimentalsys.Errno) {
	if !f.handle.IsDir() {
		return nil, experimentalsys.ENOTDIR
	}
	entries, err := f.handle.ReadDir(n)
	var out []experimentalsys.Dirent
	for _, e := range entries {
		out = append(out, experimentalsys.Dirent{Name: e.Name(), Type: e.Type(), Ino: inode(path.Join(f.handle.Name(), e.Name()))})
	}
	return out, errno(err)
}

// Write is refused, as are the other ways to change a file.
func (f *file) Write([]byte) (int, experimentalsys.Errno)         { return 0, experimentalsys.EROFS }
func (f *file) Pwrite([]byte, int64) (int, experimentalsys.Errno) { return 0, experimentalsys.EROFS }
func (f *file) Truncate(int64) experimentalsys.Errno              { return experimentalsys.EROFS }
func (f *file) Utimens(int64, int64) experimentalsys.Errno        { return experimentalsys.EROFS }

// Close ends the use of it.
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
