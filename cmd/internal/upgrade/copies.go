package upgrade

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
)

// Limits of what is copied before a subject is moved.
const (
	maxCopies = 5000
	maxCopied = 200 << 20
)

// recordName is the file that is written when all copies are.
const recordName = "upgrade.json"

// Copies are the files of a project before a subject is moved, as far as git cannot give them back.
type Copies struct {
	// Subject is the one that is moved.
	Subject string `json:"subject"`
	// Head is the commit at that time.
	Head string `json:"head"`
	// Files are those that were copied, and those that were missing though git has them, by their path.
	Files map[string]file `json:"files"`
	// Planned are the digests of what davit itself is about to write, by path; empty for a missing file.
	Planned map[string]string `json:"planned"`

	w *Work
}

// A file is one that was copied.
type file struct {
	// Mode is that of the file; 0 for a missing one.
	Mode fs.FileMode `json:"mode"`
	// Link is what a link leads to.
	Link string `json:"link,omitempty"`
	// Copy is the name of the copy.
	Copy string `json:"copy,omitempty"`
}

// copy copies the files that git cannot give back, before a subject is moved.
func (w *Work) copy(ctx context.Context, p *Proposal) (*Copies, error) {
	names, err := w.files(ctx)
	if err != nil {
		return nil, err
	}
	c := &Copies{Subject: p.Subject, Head: w.tree.Head().Commit, Files: map[string]file{}, w: w}
	if c.Planned, err = w.planned(p); err != nil {
		return nil, err
	}
	if err := os.RemoveAll(w.state); err != nil {
		return nil, err
	}
	var size int64
	for _, name := range names {
		f, n, err := w.copyFile(name, strconv.Itoa(len(c.Files)))
		if err != nil {
			return nil, err
		}
		if size += n; size > maxCopied || len(c.Files) >= maxCopies {
			return nil, errors.Join(tooMuch(w.inGit()), os.RemoveAll(w.state))
		}
		c.Files[name] = f
	}
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return c, atomicfile.Write(filepath.Join(w.state, recordName), data, 0o600)
}

// tooMuch returns the error about files that are too many to copy.
func tooMuch(inGit bool) error {
	hint := "git init, and commit them: then davit need not copy them"
	if inGit {
		hint = "commit them, or have .gitignore name them"
	}
	return fault.Refusef(hint, "there are more than %d files, or %d MiB, that are not committed, so that an upgrade could not be taken back",
		maxCopies, maxCopied>>20)
}

// copyFile copies one file, and returns its size.
func (w *Work) copyFile(name, to string) (f file, size int64, err error) {
	info, err := w.root.Lstat(filepath.FromSlash(name))
	switch {
	case missing(err), err == nil && info.IsDir(): // a folder is in the place of a file that git has
		return f, 0, nil
	case err != nil:
		return f, 0, err
	case info.Mode()&fs.ModeSymlink != 0:
		f.Mode = info.Mode()
		f.Link, err = w.root.Readlink(filepath.FromSlash(name))
		return f, 0, err
	case !info.Mode().IsRegular():
		return file{Mode: info.Mode()}, 0, nil
	case info.Size() > maxCopied:
		return f, info.Size(), nil
	}
	data, err := w.root.ReadFile(filepath.FromSlash(name))
	if err != nil {
		return f, 0, fault.Preconditionf("make it readable: an upgrade could not be taken back without a copy of it",
			"%s cannot be read: %v", name, errors.Unwrap(err))
	}
	f.Mode, f.Copy = info.Mode(), to
	return f, int64(len(data)), atomicfile.Write(filepath.Join(w.state, "files", to), data, 0o600)
}

// missing reports whether an error says that there is no such file.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNoFolder) }

// left returns the copies of an upgrade that was interrupted; nil if there are none.
func (w *Work) left() *Copies {
	data, err := os.ReadFile(filepath.Join(w.state, recordName))
	c := &Copies{w: w}
	if err != nil || json.Unmarshal(data, c) != nil {
		return nil
	}
	return c
}

// Forget removes the copies.
func (c *Copies) Forget() error { return os.RemoveAll(c.w.state) }

// Changes returns what became of files since they were copied, sorted by path.
func (c *Copies) Changes(ctx context.Context) (changes []Change, err error) {
	names, err := c.w.files(ctx)
	if err != nil {
		return nil, err
	}
	committed := map[string]bool{}
	if c.Head != "" {
		if committed, err = c.w.tree.Committed(ctx, c.Head); err != nil {
			return nil, err
		}
	}
	for name := range c.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		change, err := c.change(ctx, name, committed[name])
		if err != nil {
			return nil, err
		}
		if change != nil {
			changes = append(changes, *change)
		}
	}
	return changes, nil
}

// change returns what became of one file; nil if it is as it was.
func (c *Copies) change(ctx context.Context, name string, committed bool) (*Change, error) {
	was, copied := c.Files[name]
	if copied && was.isOther() {
		return nil, nil
	}
	now, mode, err := c.w.read(name)
	if err != nil {
		return nil, err
	}
	change := &Change{Path: name, Action: Update, Now: now}
	switch {
	case copied:
		change.Was, err = c.content(was)
	case committed:
		change.Was, err = c.w.blob(ctx, c.Head, name)
	}
	switch {
	case err != nil:
		return nil, err
	case change.Was == nil && now == nil, copied && was.Mode == mode && bytes.Equal(change.Was, now):
		return nil, nil
	case change.Was == nil:
		change.Action = Create
	case now == nil:
		change.Action = Delete
	}
	return change, nil
}

// isOther reports whether it is neither a file nor a link, nor missing.
func (f file) isOther() bool { return f.Mode != 0 && f.Copy == "" && f.Link == "" }

// content returns the content of a file that was copied; nil if it was missing.
func (c *Copies) content(f file) ([]byte, error) {
	switch {
	case f.Link != "":
		return []byte(f.Link), nil
	case f.Copy == "":
		return nil, nil
	}
	data, err := os.ReadFile(filepath.Join(c.w.state, "files", f.Copy))
	if err == nil && data == nil {
		data = []byte{}
	}
	return data, err
}

// TakeBack makes files what they were before, and returns the folder to which it copied what they were now; "" if there was
// nothing to copy.
func (c *Copies) TakeBack(ctx context.Context, changes []Change) (kept string, err error) {
	if kept, err = c.keep(changes); err != nil {
		return "", err
	}
	for _, change := range changes { // first, since a file may have taken the place of a folder, or the reverse
		if change.Was == nil {
			if err := c.remove(change.Path); err != nil {
				return "", notTakenBack(change.Path, err)
			}
		}
	}
	var committed []string
	for _, change := range changes {
		was, copied := c.Files[change.Path]
		switch {
		case change.Was == nil:
		case !copied:
			committed = append(committed, change.Path)
		default:
			if err := c.put(change.Path, was); err != nil {
				return "", notTakenBack(change.Path, err)
			}
		}
	}
	return kept, c.w.restore(ctx, c.Head, committed)
}

// notTakenBack adds the name of a file to an error.
func notTakenBack(name string, err error) error {
	return fmt.Errorf("%s cannot be taken back: %w", name, err)
}

// newKept returns a folder of taken-back for the subject that is not there yet: what is in another may be the only copy.
func (c *Copies) newKept() (folder string, err error) {
	folder = filepath.Join(c.w.kept, c.Subject)
	for n := 2; ; n++ {
		if _, err := os.Lstat(folder); err != nil {
			if missing(err) {
				return folder, nil
			}
			return "", err
		}
		folder = filepath.Join(c.w.kept, fmt.Sprintf("%s-%d", c.Subject, n))
	}
}

// keep copies what files are now.
func (c *Copies) keep(changes []Change) (kept string, err error) {
	folder, err := c.newKept()
	if err != nil {
		return "", err
	}
	for _, change := range changes {
		if change.Now == nil {
			continue
		}
		kept = folder
		if err := atomicfile.Write(filepath.Join(folder, filepath.FromSlash(change.Path)), change.Now, 0o600); err != nil {
			return "", err
		}
	}
	return kept, nil
}

// remove removes a file, and the folders that are empty then.
func (c *Copies) remove(name string) error {
	if err := c.w.root.Remove(filepath.FromSlash(name)); err != nil && !missing(err) {
		return err
	}
	for dir := path.Dir(name); dir != "." && c.w.root.Remove(filepath.FromSlash(dir)) == nil; dir = path.Dir(dir) {
	}
	return nil
}

// put makes a file what it was.
func (c *Copies) put(name string, f file) error {
	local := filepath.FromSlash(name)
	if err := c.w.root.Remove(local); err != nil && !missing(err) {
		return err
	}
	if err := c.w.root.MkdirAll(filepath.Dir(local), 0o777); err != nil {
		return err
	}
	if f.Link != "" {
		return c.w.root.Symlink(f.Link, local)
	}
	data, err := c.content(f)
	if err != nil {
		return err
	}
	if err := c.w.root.WriteFile(local, data, f.Mode.Perm()); err != nil {
		return err
	}
	return c.w.root.Chmod(local, f.Mode.Perm())
}
