// Package atomicfile replaces files in one piece: data is written to a temporary file in the same folder,
// which is then renamed. A reader, in another process too, reads all of the old content or all of the new,
// and an error leaves the old. The design is that of renameio, which does not build on Windows.
//
// Nothing is synced to the disk, so a power cut may leave an empty file. All files that davit replaces can be
// made again, and their readers check what they read; syncing would cost each run more than the rest of its
// work. A caller with another kind of file calls File.Sync before Commit.
package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Prefix begins the names of temporary files. One that is old was left by a process that was killed.
const Prefix = ".tmp-"

// Write replaces the content of the named file, or creates it, with exactly these permissions. Missing
// folders above it are created for the user alone.
func Write(name string, data []byte, perm fs.FileMode) error {
	f, err := Create(filepath.Dir(name))
	if err != nil {
		return err
	}
	defer f.Discard()
	if _, err := f.Write(data); err != nil {
		return err
	}
	if perm != created {
		if err := f.Chmod(perm); err != nil {
			return err
		}
	}
	return f.Commit(name)
}

// created is the mode of a file that os.CreateTemp makes.
const created fs.FileMode = 0o600

// A File is a temporary file, which only the user may read, until Commit gives it its name.
type File struct {
	*os.File
	committed bool
}

// Create creates a temporary file in a folder. A missing folder is created for the user alone.
func Create(dir string) (*File, error) {
	f, err := os.CreateTemp(dir, Prefix+"*")
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		f, err = os.CreateTemp(dir, Prefix+"*")
	}
	if err != nil {
		return nil, err
	}
	return &File{File: f}, nil
}

// Commit closes the file and renames it, in place of a file of that name. The name is on the same file system
// as the folder of Create.
func (f *File) Commit(name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	err := os.Rename(f.Name(), name)
	f.committed = err == nil
	return err
}

// Discard closes and removes the temporary file. After Commit has succeeded it does nothing.
func (f *File) Discard() {
	if !f.committed {
		f.Close()
		os.Remove(f.Name())
	}
}
