package cache

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Secure checks that nobody else can put entries into a cache folder, which need not exist. Folders are the
// names of all that davit keeps in it. An error says why the folder must not be used: it, one of these
// folders or the folder around it belongs to somebody else, or is open to others in a way that cannot be
// mended.
//
// A folder that is the user's own and that others may write is closed to them, and what is in it is dropped.
// It is not touched if it holds anything besides folders. Dropped reports whether there was something to
// drop.
//
// Where all is well and others may not even enter, which is how davit creates it, this costs two calls of the
// system.
func Secure(dir string, folders ...string) (dropped bool, err error) {
	info, err := os.Lstat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, checkParent(filepath.Dir(dir))
	}
	if err != nil {
		return false, nil // the first write says it
	}
	if err := cmp.Or(checkOwner(dir, info), checkParent(filepath.Dir(dir))); err != nil {
		return false, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		if info, err = os.Stat(dir); err != nil {
			return false, nil
		}
		if err := checkOwner(dir, info); err != nil {
			return false, err
		}
	}
	if isOpen(info) {
		return closeFolder(dir, folders)
	}
	if isPrivate(info) {
		return false, nil
	}
	return secureFolders(dir, folders)
}

// secureFolders does for each folder in a cache folder that others may enter what Secure does.
func secureFolders(dir string, folders []string) (dropped bool, err error) {
	for _, name := range folders {
		name := filepath.Join(dir, name)
		info, err := os.Lstat(name)
		if err != nil {
			continue
		}
		if err := checkOwner(name, info); err != nil {
			return dropped, err
		}
		if info.IsDir() && isOpen(info) {
			if err := os.Chmod(name, 0o700); err != nil {
				return dropped, openError(name)
			}
			dropped = true
			if err := os.RemoveAll(name); err != nil {
				return dropped, err
			}
		}
	}
	return dropped, nil
}

// closeFolder closes a cache folder to others, and drops the folders in it.
func closeFolder(dir string, folders []string) (dropped bool, err error) {
	entries, err := os.ReadDir(dir)
	foreign := func(e os.DirEntry) bool { return !slices.Contains(folders, e.Name()) }
	if err != nil || slices.ContainsFunc(entries, foreign) {
		return false, openError(dir)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return false, openError(dir)
	}
	if info, err := os.Stat(dir); err != nil || isOpen(info) { // a file system without modes
		return false, openError(dir)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return true, err
		}
	}
	return len(entries) > 0, nil
}

// checkOwner returns an error if a folder belongs to somebody else.
func checkOwner(dir string, info fs.FileInfo) error {
	if IsOwn(info) {
		return nil
	}
	return fmt.Errorf("%q belongs to another user", dir)
}

// checkParent returns an error if somebody else could replace what is in a folder. If it does not exist, the
// nearest folder above it counts.
func checkParent(dir string) error {
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	switch {
	case err != nil:
		return nil // the first write says it
	case !IsOwn(info) && !isRoots(info):
		return fmt.Errorf("%q, where it is, belongs to another user", dir)
	case isShared(info):
		return fmt.Errorf("%q, where it is, may be written by every user", dir)
	}
	return nil
}

func openError(dir string) error { return fmt.Errorf("%q may be written by other users", dir) }
