package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/davit-dev/davit/internal/cache"
)

// A restoring is how stored outputs are put in place: what is removed, and then what is written.
type restoring struct {
	reserved *Reserved
	remove   []output // deepest first
	write    []output // folders before what is in them
}

// restoring compares stored outputs with what is in place. It returns why they cannot be put there: a file
// that git tracks, that is an input, or that davit did not write itself, is never replaced. Changed says that
// this is the reason.
func (l *lookup) restoring(e entry) (r restoring, why string, changed bool) {
	r.reserved = l.step.Reserved
	owned, err := l.owned()
	if err != nil {
		return r, err.Error(), false
	}
	wanted := byPath(e.Outputs)
	for _, is := range slices.Backward(l.now) {
		if w, ok := wanted[is.Path]; is.missing() || ok && w == is || ok && w.folder() && is.folder() {
			continue
		}
		if why := owned.keeps(is); why != "" {
			return r, why, true
		}
		r.remove = append(r.remove, is)
	}
	there := byPath(l.now)
	for _, w := range e.Outputs {
		is, ok := there[w.Path]
		switch kind, digest := w.content(); {
		case ok && is == w:
			continue
		case owned.tracked(w.Path), slices.Contains(e.Tracked, w.Path):
			return r, fmt.Sprintf("%q is tracked by git, and is missing or changed", w.Path), true
		case ok && is.folder() && w.folder() && owned.keeps(is) != "":
			return r, owned.keeps(is), true
		case (kind == "f" || kind == "x") && !l.store.Has(digest):
			return r, "its outputs are neither in place nor stored any more", false
		}
		r.write = append(r.write, w)
	}
	return r, "", false
}

func byPath(outputs []output) map[string]output {
	all := make(map[string]output, len(outputs))
	for _, o := range outputs {
		all[o.Path] = o
	}
	return all
}

// owned tells the outputs that davit may replace from what belongs to the user.
type owned struct {
	made   map[string]string // by the last run, or the last restoring, here
	view   *view
	inputs map[string]string
}

func (l *lookup) owned() (owned, error) {
	v, err := l.files.now(context.Background())
	return owned{l.loadMade(l.step), v, l.f.Inputs}, err
}

func (o owned) tracked(name string) bool {
	_, guarded := slices.BinarySearch(o.view.guarded, name)
	return guarded && o.view.git
}

// keeps returns why what is in place stays there, or "".
func (o owned) keeps(is output) string {
	_, input := o.inputs[is.Path]
	switch {
	case o.tracked(is.Path):
		return fmt.Sprintf("%q is tracked by git, and differs from what it made", is.Path)
	case input:
		return fmt.Sprintf("%q is also an input", is.Path)
	case o.made[is.Path] != is.Sum:
		return fmt.Sprintf("%q is not as davit left it", is.Path)
	}
	return ""
}

func (c *Cache) madeKey(s Step) string { return cache.Key("made", c.o.Project, s.ID) }

// saveMade remembers what a step left in its outputs in this checkout.
func (c *Cache) saveMade(s Step, outputs []output) {
	sums := map[string]string{}
	for _, o := range outputs {
		sums[o.Path] = o.Sum
	}
	c.store.Save(c.madeKey(s), sums)
}

func (c *Cache) loadMade(s Step) map[string]string {
	var sums map[string]string
	c.store.Load(c.madeKey(s), &sums)
	return sums
}

// clean reports whether nothing was in place that a run could leave as it is, but for files that git tracks,
// which it returns.
func (c *Cache) clean(ctx context.Context, before []output) (ok bool, tracked []string) {
	v, err := c.files.now(ctx)
	o := owned{view: v}
	for _, was := range before {
		switch {
		case err != nil:
			return false, nil
		case was.missing() || was.folder():
		case o.tracked(was.Path):
			tracked = append(tracked, was.Path)
		default:
			return false, nil
		}
	}
	return true, tracked
}

// restore puts outputs in place, and reports whether it could. If not, the step must be run.
func (c *Cache) restore(r restoring) bool {
	root, err := c.files.root()
	if err != nil {
		return false
	}
	if len(r.remove)+len(r.write) > 0 {
		defer c.files.changed()
	}
	for _, o := range slices.Concat(r.remove, r.write) {
		if Landing(c.o.Project, r.reserved, o.Path) != nil {
			return false
		}
	}
	for _, o := range r.remove {
		if err := root.Remove(local(o.Path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	for _, o := range r.write {
		if c.restoreOne(root, o) != nil {
			return false
		}
	}
	for _, o := range slices.Backward(r.write) { // a folder may forbid to write in it
		if o.folder() && root.Chmod(local(o.Path), o.mode()) != nil {
			return false
		}
	}
	return true
}

var errLost = errors.New("it is not stored any more")

func (c *Cache) restoreOne(root *os.Root, o output) error {
	if o.folder() {
		if err := root.MkdirAll(local(o.Path), 0o777); err != nil {
			return err
		}
		return root.Chmod(local(o.Path), o.mode()|0o700)
	}
	kind, digest := o.content()
	temp := path.Join(path.Dir(o.Path), ".davit-"+path.Base(o.Path)+"-"+c.unique)
	if err := root.MkdirAll(local(path.Dir(o.Path)), 0o777); err != nil {
		return err
	}
	defer root.Remove(local(temp)) // if it was not renamed
	if kind == "l" {
		if err := root.Symlink(o.Target, local(temp)); err != nil {
			return err
		}
	} else if err := c.restoreFile(root, temp, digest, o.mode()); err != nil {
		return err
	}
	return root.Rename(local(temp), local(o.Path))
}

func (c *Cache) restoreFile(root *os.Root, name, digest string, mode fs.FileMode) error {
	f, err := root.OpenFile(local(name), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
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
	return root.Chmod(local(name), mode)
}
