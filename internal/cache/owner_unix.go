//go:build unix

package cache

import (
	"io/fs"
	"os"
	"syscall"
)

// isPrivate reports whether a file is the user's own and nobody else may read or write it.
func isPrivate(info fs.FileInfo) bool {
	return isOwn(info) && info.Mode().Perm()&0o077 == 0
}

// isOwn reports whether a file belongs to the user that davit runs as.
func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
