package host

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// write writes the files of a step. All are checked before the first one is written, so that none is written
// if one cannot be.
func (r *Runner) write(s runner.Step, emit func(ui.Event)) runner.Result {
	root, err := os.OpenRoot(r.o.Root)
	if err != nil {
		return failed(1, err.Error())
	}
	defer root.Close()
	changes, err := newChanges(root, s)
	if err != nil {
		return failed(1, err.Error())
	}
	if len(changes) == 0 {
		return runner.Result{Status: ui.StatusSkipped, Reason: "the files are as they should be"}
	}
	emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: s.Command()})
	for _, c := range changes {
		emit(ui.Said("", c.diff()))
		if err := c.apply(root); err != nil {
			return failed(1, fmt.Sprintf("%q cannot be written: %v", c.name, rootCause(err)))
		}
	}
	return runner.Result{Status: ui.StatusOK}
}

// Difference returns what a step that writes files would change in a project now, in the unified format; "" if nothing.
func Difference(project string, s runner.Step) (string, error) {
	root, err := os.OpenRoot(project)
	if err != nil {
		return "", err
	}
	defer root.Close()
	var all strings.Builder
	changes, err := newChanges(root, s)
	for _, c := range changes {
		all.WriteString(c.diff())
	}
	return all.String(), err
}

// newChanges returns the files of a step that are not as they should be.
func newChanges(root *os.Root, s runner.Step) (all []change, err error) {
	for _, name := range slices.Sorted(maps.Keys(s.Plan.Files)) {
		c, err := newChange(root, s.Reserved, name, s.Plan.Files[name])
		if err != nil {
			return nil, fmt.Errorf("%q cannot be written: %w", name, rootCause(err))
		}
		if !bytes.Equal(c.old, c.new) || !c.there {
			all = append(all, c)
		}
	}
	return all, nil
}

// A change is one file to write.
type change struct {
	name     string
	there    bool
	old, new []byte
	mode     fs.FileMode
}

var errNotPlain = errors.New("it exists and is not a regular file")

func newChange(root *os.Root, reserved *runner.Reserved, name, text string) (change, error) {
	c := change{name: name, new: []byte(text), mode: 0o666}
	if err := runner.Landing(root.Name(), reserved, name); err != nil {
		return c, err
	}
	info, err := root.Lstat(filepath.FromSlash(name))
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if !info.Mode().IsRegular() {
		return c, errNotPlain
	}
	c.there, c.mode = true, info.Mode().Perm()
	c.old, err = root.ReadFile(filepath.FromSlash(name))
	return c, err
}

func (c change) diff() string {
	return ui.Unified("a/"+c.name, c.old, "b/"+c.name, c.new)
}

// apply writes the file atomically.
func (c change) apply(root *os.Root) error {
	dir := path.Dir(c.name)
	if err := root.MkdirAll(filepath.FromSlash(dir), 0o777); err != nil {
		return err
	}
	temp := filepath.FromSlash(path.Join(dir, fmt.Sprintf(".%s.davit-%d", path.Base(c.name), os.Getpid())))
	f, err := root.OpenFile(temp, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, c.mode)
	if err != nil {
		return err
	}
	defer root.Remove(temp) // if it was not renamed
	_, err = f.Write(c.new)
	if c.there && err == nil {
		err = f.Chmod(c.mode) // whatever the umask is
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return root.Rename(temp, filepath.FromSlash(c.name))
}
