// Package archive packs folders into one blob with one digest, and reads them from it.
//
// An archive is a tar without compression, times, owners and modes: the same files give the same bytes. What is read from
// one is somebody else's: it has regular files with clean paths, each once, and nothing else.
package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"testing/fstest"
)

// maxFiles is how many files an archive may have.
const maxFiles = 10_000

// Pack returns the archive of some files, by path.
func Pack(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !fs.ValidPath(name) {
			return nil, fmt.Errorf("%q is no path of an archive", name)
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(files[name])), Mode: 0o644, Format: tar.FormatPAX}
		if err := w.WriteHeader(h); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), w.Close()
}

// Open returns the files of an archive.
func Open(data []byte) (fs.FS, error) {
	files, left := fstest.MapFS{}, int64(len(data))
	for r := tar.NewReader(bytes.NewReader(data)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, checkFolders(files)
		}
		if err != nil {
			return nil, errors.New("it is no archive")
		}
		if err := checkHeader(h, files); err != nil {
			return nil, err
		}
		if left -= h.Size; left < 0 { // holes of a sparse file would be written out
			return nil, errors.New("its files have more bytes than it has itself")
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return nil, errors.New("it is no archive")
		}
		files[h.Name] = &fstest.MapFile{Data: text, Mode: 0o644}
	}
}

// checkHeader returns what is wrong with the next file of an archive.
func checkHeader(h *tar.Header, before fstest.MapFS) error {
	switch {
	case h.Typeflag != tar.TypeReg:
		return fmt.Errorf("%q in it is no regular file", h.Name)
	case !fs.ValidPath(h.Name) || h.Name == "." || strings.ContainsAny(h.Name, "\\:\x00"):
		return fmt.Errorf("%q in it is no path of an archive", h.Name)
	case before[h.Name] != nil:
		return fmt.Errorf("%q is in it twice", h.Name)
	case len(before) == maxFiles:
		return fmt.Errorf("it has more than %d files", maxFiles)
	}
	return nil
}

// checkFolders returns an error about a file that another one has as its folder.
func checkFolders(files fstest.MapFS) error {
	for name := range files {
		for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
			if files[dir] != nil {
				return fmt.Errorf("%q in it is a file and a folder", dir)
			}
		}
	}
	return nil
}
