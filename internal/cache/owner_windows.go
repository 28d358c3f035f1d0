package cache

import "io/fs"

// The user's own folders are closed to others by their access lists on Windows, and modes say nothing.

// IsOwn reports true.
func IsOwn(fs.FileInfo) bool { return true }

func isRoots(fs.FileInfo) bool   { return true }
func isPrivate(fs.FileInfo) bool { return true }
func isOpen(fs.FileInfo) bool    { return false }
func isShared(fs.FileInfo) bool  { return false }
