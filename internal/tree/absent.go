package tree

import (
	"errors"
	"io/fs"
	"syscall"
)

// IsUnknown reports whether err leaves open what is at a path, as too many open files does. Other errors mean
// that nothing can be found there: the file is missing, the user may not see it, or the path leads out of the
// project or is invalid.
func IsUnknown(err error) bool {
	return err != nil && !isNotVisible(err) && !escapes(err) && !errors.Is(err, syscall.ENAMETOOLONG)
}

// isNotExist reports whether err proves that nothing is at a path: the name is not there, or what would be a
// folder above it is a file.
func isNotExist(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || isNoName(err)
}

// isNotVisible reports whether err means that the user cannot see anything at a path: nothing is there, or a
// folder above it may not be searched.
func isNotVisible(err error) bool {
	return isNotExist(err) || errors.Is(err, fs.ErrPermission)
}

// escapes reports whether err means that a path leads out of the folder. Only os.Root itself reports that;
// other errors of opening come from the system, or say that the root is closed.
func escapes(err error) bool {
	_, system := errors.AsType[syscall.Errno](err)
	return err != nil && !system && !errors.Is(err, fs.ErrClosed)
}
