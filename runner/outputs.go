package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/tree"
)

// An output is one file, link or folder that a step made.
type output struct {
	Path string `json:"path"`
	// Sum is the exact form of a tree.Sum, "644 f:…"; "755 d" for a folder.
	Sum string `json:"sum"`
	// Target is the target of a symbolic link.
	Target string `json:"target,omitempty"`
}

// folder reports whether an output is a folder.
func (o output) folder() bool { return strings.HasSuffix(o.Sum, " d") }

// missing reports whether nothing is at the path, or nothing that can be read.
func (o output) missing() bool { return o.Sum == unreadable }

// mode returns the permission bits.
func (o output) mode() fs.FileMode {
	bits, _, _ := strings.Cut(o.Sum, " ")
	n, _ := strconv.ParseUint(bits, 8, 16)
	return tree.FileMode(uint16(n))
}

// content returns the kind of a file and the digest of its content.
func (o output) content() (kind, digest string) {
	_, sum, _ := strings.Cut(o.Sum, " ")
	kind, digest, _ = strings.Cut(sum, ":")
	return kind, digest
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
	found, err := c.list(paths, func(name string, bytes int64, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("it did not make its output %q", name)
		}
		if size += bytes; err == nil && size > c.limit {
			err = errTooLarge
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := c.addSums(found); err != nil {
		return nil, err
	}
	for _, o := range found {
		if o.Target != "" && c.holdsOutputs(o.Path, paths) {
			return nil, fmt.Errorf("its output %q is a link to a folder, the content of which davit does not compare", o.Path)
		}
		if !utf8.ValidString(o.Path + o.Target) { // JSON has no other names
			return nil, fmt.Errorf("the name of its output %q is not UTF-8", o.Path)
		}
		if kind, _ := o.content(); kind == string(tree.KindUnreadable) || o.missing() {
			return nil, &fs.PathError{Op: "read", Path: o.Path, Err: fs.ErrPermission}
		}
	}
	return found, nil
}

// holdsOutputs reports whether a link is the folder of an output, and not something that a step has made in one.
func (c *Cache) holdsOutputs(link string, paths []string) bool {
	if !slices.ContainsFunc(paths, func(p string) bool { return path.Clean(p) == link || strings.HasPrefix(p, link+"/") }) {
		return false
	}
	info, err := os.Stat(filepath.Join(c.files.tree.Dir(), local(link)))
	return err == nil && info.IsDir()
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
	err = c.addSums(found)
	return append(found, odd...), err
}

// addSums adds the sums of files and links.
func (c *Cache) addSums(outputs []output) error {
	var names []string
	for _, o := range outputs {
		if o.Sum == "" {
			names = append(names, o.Path)
		}
	}
	sums, err := c.files.index.Hash(names)
	if err != nil {
		return err
	}
	for i, o := range outputs {
		if o.Sum != "" {
			continue
		}
		outputs[i].Sum = unreadable
		if sum, there := sums[o.Path]; there {
			outputs[i].Sum = sum.Exact()
		}
	}
	return nil
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
	add := func(name string, d fs.DirEntry, err error) error {
		if abandoned(name) {
			return nil
		}
		var o output
		bytes := int64(0)
		if err == nil {
			o, bytes, err = describeEntry(root, name, d)
		}
		if failed := check(name, bytes, err); failed != nil {
			return failed
		}
		if err == nil {
			found = append(found, o)
		}
		return nil
	}
	for _, name := range paths {
		if err := walkOutput(root, path.Clean(name), add); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// abandoned reports whether a file has a name under which outputs are restored. One that stays is of a davit that
// was killed.
func abandoned(name string) bool {
	rest, ok := strings.CutPrefix(path.Base(name), ".davit-")
	parts := strings.Split(rest, "-")
	if !ok || len(parts) < 3 {
		return false
	}
	_, noNumber := strconv.ParseUint(parts[len(parts)-2], 10, 32)
	_, noTime := strconv.ParseUint(parts[len(parts)-1], 16, 64)
	return noNumber == nil && noTime == nil
}

// removeAbandoned removes what a davit that was killed has left among outputs. The caller has the lock of the
// step.
func (c *Cache) removeAbandoned(paths []string) {
	root, err := c.files.root()
	if err != nil {
		return
	}
	for _, name := range paths {
		_ = walkOutput(root, path.Clean(name), func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && abandoned(name) {
				_ = root.Remove(local(name)) // else the next davit does
			}
			return nil
		})
	}
}

// walkOutput calls add for what is at a path and, if that is a folder and no link to one, for all below.
func walkOutput(root *os.Root, name string, add fs.WalkDirFunc) error {
	info, err := root.Lstat(local(name))
	if err != nil || !info.IsDir() {
		var d fs.DirEntry
		if err == nil {
			d = fs.FileInfoToDirEntry(info)
		}
		return add(name, d, err)
	}
	return fs.WalkDir(root.FS(), name, add)
}

func describeEntry(root *os.Root, name string, d fs.DirEntry) (o output, bytes int64, err error) {
	o.Path = name
	info, err := d.Info()
	switch {
	case err != nil:
	case d.IsDir():
		o.Sum = strconv.FormatUint(uint64(tree.Permissions(info.Mode())), 8) + " d"
	case d.Type()&fs.ModeSymlink != 0:
		o.Target, err = root.Readlink(local(name))
	case d.Type().IsRegular():
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
	kind, digest := o.content()
	if kind != "f" && kind != "x" || c.store.Has(digest) {
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
