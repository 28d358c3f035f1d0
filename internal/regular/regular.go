// Package regular reads files that somebody else wrote: the configuration of a project, its lock files, what an
// argument names. It looks at the kind and the size before it reads, so that no FIFO, device or endless file makes
// davit wait or fill the memory.
//
// It does not protect from a file that changes between two reads, and it does not decide which file is read, but for
// links that lead out of a folder (ReadInside).
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/davit-dev/davit/internal/fault"
)

// Limits of sizes, in bytes.
const (
	Config = 1 << 20  // of configuration
	Lock   = 64 << 20 // of lock files, and of what davit wrote itself
)

// An Error says why a file is not read, although something is there.
type Error struct {
	fault.Precondition
	File   string // as it was asked for
	Reason string
	// TooLarge says that it is a file, but a large one.
	TooLarge bool
	// Outside says that it is a link out of the folder.
	Outside bool
}

func (e *Error) Error() string { return fmt.Sprintf("%s cannot be read: %s", e.File, e.Reason) }

// Read returns the content of a regular file of at most limit bytes; links are followed. The error is an *Error if
// something else is there, and one of the system otherwise, as that of a missing file.
func Read(file string, limit int64) ([]byte, error) {
	return read(file, limit, os.Stat, func(name string) (*os.File, error) {
		return os.OpenFile(name, os.O_RDONLY|NonBlock, 0)
	})
}

// ReadInside is Read for a file below a folder, with slashes in its name. A link that leads out of the folder is an
// *Error.
func ReadInside(dir, name string, limit int64) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	data, err := ReadFrom(root, name, limit)
	if err != nil && Escapes(err) {
		reason := "it is a link that leads out of the project"
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			reason = "it is not in the project"
		}
		return nil, &Error{File: name, Reason: reason, Outside: true}
	}
	return data, err
}

// ReadFrom is Read for a file below a root, with slashes in its name.
func ReadFrom(root *os.Root, name string, limit int64) ([]byte, error) {
	return read(filepath.FromSlash(name), limit, root.Stat, func(local string) (*os.File, error) {
		return root.OpenFile(local, os.O_RDONLY|NonBlock, 0)
	})
}

// Check returns the error that Read would return for a file that cannot be opened or has another kind or size,
// without reading it.
func Check(file string, limit int64) error {
	info, err := os.Stat(file)
	if err == nil {
		err = check(file, info, limit)
	}
	return err
}

// read looks twice: opening a device may do something, and what is at a path may change.
func read(
	name string, limit int64, stat func(string) (fs.FileInfo, error), open func(string) (*os.File, error),
) ([]byte, error) {
	info, err := stat(name)
	if err == nil {
		err = check(name, info, limit)
	}
	if err != nil {
		return nil, err
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err == nil {
		err = check(name, info, limit)
	}
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = tooLarge(name, limit)
	}
	return data, err
}

func check(name string, info fs.FileInfo, limit int64) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &Error{File: name, Reason: "it is a folder"}
	case !mode.IsRegular():
		return &Error{File: name, Reason: "it is " + kind(mode) + ", not a file"}
	case info.Size() > limit:
		return tooLarge(name, limit)
	}
	return nil
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "a FIFO"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}

func tooLarge(name string, limit int64) error {
	size := fmt.Sprintf("%d MiB", limit>>20)
	if limit < 1<<20 {
		size = fmt.Sprintf("%d KiB", limit>>10)
	}
	return &Error{File: name, Reason: "it is larger than " + size, TooLarge: true}
}

// Reason returns the reason of an *Error, else the error without the path that it names, for a sentence that names
// the file itself.
func Reason(err error) string {
	if own, ok := errors.AsType[*Error](err); ok {
		return own.Reason
	}
	if system, ok := errors.AsType[*fs.PathError](err); ok {
		return system.Err.Error()
	}
	return err.Error()
}

// Escapes reports whether an error of an os.Root means that a path leads out of its folder. Only os.Root itself reports
// that; other errors of opening come from the system, or say that the root is closed.
func Escapes(err error) bool {
	_, system := errors.AsType[syscall.Errno](err)
	_, own := errors.AsType[*Error](err)
	return err != nil && !system && !own && !errors.Is(err, fs.ErrClosed)
}
