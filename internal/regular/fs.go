package regular

import (
	"io/fs"
	"os"
	"path/filepath"
)

// FS returns the files below a root for readers that know nothing of FIFOs and devices: what is neither a regular file
// nor a folder cannot be opened, and the error of that is an *Error.
func FS(root *os.Root) fs.FS { return tree{root} }

type tree struct{ root *os.Root }

func (f tree) Open(name string) (fs.File, error) {
	local := filepath.FromSlash(name)
	info, err := f.root.Stat(local)
	if err == nil {
		err = checkKind(name, info)
	}
	if err != nil {
		return nil, err
	}
	file, err := f.root.OpenFile(local, os.O_RDONLY|NonBlock, 0)
	if err != nil {
		return nil, err
	}
	if info, err = file.Stat(); err == nil {
		err = checkKind(name, info)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Stat describes a file without opening it.
func (f tree) Stat(name string) (fs.FileInfo, error) { return f.root.Stat(filepath.FromSlash(name)) }

// ReadDir lists a folder.
func (f tree) ReadDir(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.root.FS(), name) }

func checkKind(name string, info fs.FileInfo) error {
	if mode := info.Mode(); !mode.IsRegular() && !mode.IsDir() {
		return &Error{File: name, Reason: "it is " + kind(mode) + ", not a file"}
	}
	return nil
}
