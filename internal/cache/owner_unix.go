//go:build unix

package cache

import (
	"io/fs"
	"os"
	"syscall"
)

// IsOwn reports whether a file belongs to the user that davit runs as.
func IsOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// isRoots reports whether a file belongs to root, who can write everything anyway.
func isRoots(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && stat.Uid == 0
}

// isPrivate reports whether a file is the user's own, and closed to everybody else.
func isPrivate(info fs.FileInfo) bool { return IsOwn(info) && info.Mode().Perm()&0o077 == 0 }

// isOpen reports whether others may write a file.
func isOpen(info fs.FileInfo) bool { return info.Mode().Perm()&0o022 != 0 }

// isShared reports whether everybody may rename and remove what is in a folder.
func isShared(info fs.FileInfo) bool {
	return info.Mode().Perm()&0o002 != 0 && info.Mode()&fs.ModeSticky == 0
}
