package tree

import (
	"errors"
	"io/fs"
	"syscall"

	"github.com/davit-dev/davit/internal/regular"
)

// IsUnknown reports whether err leaves open what is at a path, as too many open files does. Other errors mean
// that nothing can be found there: the file is missing, the user may not see it, or the path leads out of the
// project or is invalid.
func IsUnknown(err error) bool {
	return err != nil && !isNotVisible(err) && !regular.Escapes(err) && !errors.Is(err, syscall.ENAMETOOLONG)
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
