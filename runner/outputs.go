package runner

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// An output is one file, link or folder that a step made.
type output struct {
	Path string `json:"path"`
	// Sum is a tree.Sum as a string, "f:…"; "d" for a folder.
	Sum string `json:"sum"`
	// Target is the target of a symbolic link.
	Target string `json:"target,omitempty"`
}

// maxOutputs is how many bytes of outputs of one step are stored.
const maxOutputs = 1 << 30

var errTooLarge = errors.New("its outputs are too large to be kept")

// local returns a path of a plan in this system's spelling, for os.Root.
func local(name string) string { return filepath.FromSlash(strings.TrimSuffix(name, "/")) }

// collect lists and hashes what is at the paths of outputs, with all below folders. What cannot be stored is
// an error.
func (c *Cache) collect(paths []string) ([]output, error) {
	size := int64(0)
	found, err := c.list(paths, func(_ string, bytes int64, err error) error {
		if size += bytes; err == nil && size > c.limit {
			err = errTooLarge
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	sums, err := c.files.index.Hash(unhashed(found))
	if err != nil {
		return nil, err
	}
	for i, o := range found {
		if o.Sum != "" {
			continue
		}
		sum, there := sums[o.Path]
		if !there {
			return nil, &fs.PathError{Op: "read", Path: o.Path, Err: fs.ErrNotExist}
		}
		found[i].Sum = sum.String()
	}
	return found, nil
}

// unreadable is the sum, in a key, of an output that is missing, is not a file or may not be read by the
// user.
const unreadable = "-"

// describe lists and hashes outputs as collect does, for a key. Whatever can be read counts by its content,
// of any size; anything else counts by its path.
func (c *Cache) describe(paths []string) ([]output, error) {
	var odd []output
	found, err := c.list(paths, func(name string, _ int64, err error) error {
		if err == nil || tree.IsUnknown(err) {
			return err
		}
		odd = append(odd, output{Path: name, Sum: unreadable})
		return nil
	})
	if err != nil {
		return nil, err
	}
	sums, err := c.readableSums(unhashed(found))
	if err != nil {
		return nil, err
	}
	for i, o := range found {
		if o.Sum != "" {
			continue
		}
		found[i].Sum = unreadable
		if sum, there := sums[o.Path]; there {
			found[i].Sum = sum.String()
		}
	}
	return append(found, odd...), nil
}

// readableSums hashes the files that the user may read.
func (c *Cache) readableSums(names []string) (tree.Snapshot, error) {
	sums, err := c.files.index.Hash(names)
	if !errors.Is(err, fs.ErrPermission) {
		return sums, err
	}
	sums = tree.Snapshot{}
	for _, name := range names {
		one, err := c.files.index.Hash([]string{name})
		if err != nil && !errors.Is(err, fs.ErrPermission) {
			return nil, err
		}
		maps.Copy(sums, one)
	}
	return sums, nil
}

// unhashed returns the paths of outputs that have no sum yet.
func unhashed(outputs []output) (names []string) {
	for _, o := range outputs {
		if o.Sum == "" {
			names = append(names, o.Path)
		}
	}
	return names
}

// list finds what is at paths and below. Only folders have a sum yet. It passes the path, the size and the
// error of each to check. An error of check ends the listing; what check accepts in spite of an error is left
// out.
func (c *Cache) list(
	paths []string, check func(name string, bytes int64, err error) error,
) (found []output, err error) {
	root, err := c.files.root()
	if err != nil {
		return nil, err
	}
	for _, name := range paths {
		err := fs.WalkDir(root.FS(), path.Clean(name), func(p string, d fs.DirEntry, err error) error {
			var o output
			bytes := int64(0)
			if err == nil {
				o, bytes, err = c.describeEntry(root, p, d)
			}
			if failed := check(p, bytes, err); failed != nil {
				return failed
			}
			if err == nil {
				found = append(found, o)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (c *Cache) describeEntry(root *os.Root, name string, d fs.DirEntry) (o output, bytes int64, err error) {
	o.Path = name
	switch {
	case d.IsDir():
		o.Sum = "d"
	case d.Type()&fs.ModeSymlink != 0:
		o.Target, err = root.Readlink(local(name))
	case d.Type().IsRegular():
		info, err := d.Info()
		if err != nil {
			return o, 0, err
		}
		bytes = info.Size()
	default:
		err = &fs.PathError{Op: "read", Path: name, Err: errors.New("it is not a file")}
	}
	return o, bytes, err
}

// storeContents stores the contents of outputs, and reports whether it stored them all.
func (c *Cache) storeContents(outputs []output) bool {
	root, err := c.files.root()
	return err == nil && !slices.ContainsFunc(outputs,
		func(o output) bool { return !c.storeContent(root, o) })
}

func (c *Cache) storeContent(root *os.Root, o output) bool {
	kind, digest, ok := strings.Cut(o.Sum, ":")
	if !ok || kind == "l" || c.store.Has(digest) {
		return true
	}
	f, err := root.Open(local(o.Path))
	if err != nil {
		return false
	}
	defer f.Close()
	got, ok := c.store.Put(f)
	return ok && got == digest // else it was changed meanwhile
}

// restore puts outputs in place where they are missing or changed, and reports whether it could. If not, the
// step must be run, even if some outputs were restored.
func (c *Cache) restore(outputs []output) bool {
	var files []string
	for _, o := range outputs {
		files = append(files, o.Path)
	}
	sums, err := c.files.index.Hash(files)
	if err != nil {
		return false
	}
	root, err := c.files.root()
	if err != nil {
		return false
	}
	for _, o := range outputs {
		if sum, there := sums[o.Path]; there && sum.String() == o.Sum {
			continue
		}
		if c.restoreOne(root, o) != nil {
			return false
		}
		if o.Sum != "d" {
			c.files.changed()
		}
	}
	return true
}

var errLost = errors.New("it is not stored any more")

func (c *Cache) restoreOne(root *os.Root, o output) error {
	if o.Sum == "d" {
		return root.MkdirAll(local(o.Path), 0o777)
	}
	kind, digest, _ := strings.Cut(o.Sum, ":")
	temp := path.Join(path.Dir(o.Path), ".davit-"+path.Base(o.Path)+"-"+c.unique)
	if err := root.MkdirAll(local(path.Dir(o.Path)), 0o777); err != nil {
		return err
	}
	defer root.Remove(local(temp)) // if it was not renamed
	if kind == "l" {
		if err := root.Symlink(o.Target, local(temp)); err != nil {
			return err
		}
	} else if err := c.restoreFile(root, temp, kind, digest); err != nil {
		return err
	}
	if info, err := root.Lstat(local(o.Path)); err == nil && info.IsDir() {
		return errLost // a folder is in the place of the file; its contents may be the user's
	}
	return root.Rename(local(temp), local(o.Path))
}

func (c *Cache) restoreFile(root *os.Root, name, kind, digest string) error {
	mode := os.FileMode(0o666)
	if kind == "x" {
		mode = 0o777
	}
	f, err := root.OpenFile(local(name), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	ok := c.store.Copy(f, digest)
	if err := f.Close(); err != nil {
		return err
	}
	if !ok {
		return errLost
	}
	return nil
}
