package buildkit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/davit-dev/davit/internal/cache"
)

// An outputWriter replaces outputs in the project. An output folder belongs to the step: its files replace
// whatever is there. Two cases are refused: a folder in the place of an output file, whose content is not
// davit's to remove, and a link that leads out of the project.
type outputWriter struct {
	root *os.Root
	// declared are the outputs of the plan.
	declared []string

	mu      sync.Mutex // two writers may replace the same path
	cleaned map[string]bool
}

// makeFolder creates a folder if there is none, and removes abandoned temporary files from it.
func (w *outputWriter) makeFolder(local string) error {
	err := w.root.MkdirAll(local, 0o777)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if err := w.forceFolder(local); err != nil {
			return err
		}
	}
	w.removeAbandoned(local)
	return nil
}

// forceFolder creates a folder, and removes files in the place of it and of its parents.
func (w *outputWriter) forceFolder(local string) error {
	names := strings.Split(local, string(filepath.Separator))
	for i := range names {
		if err := w.removeNonFolder(filepath.Join(names[:i+1]...)); err != nil {
			return err
		}
	}
	return w.root.MkdirAll(local, 0o777)
}

// removeNonFolder removes a path that is neither a folder nor a link to one.
func (w *outputWriter) removeNonFolder(local string) error {
	info, err := w.root.Lstat(local)
	if err != nil || info.IsDir() {
		return nil // creating the folder reports the error
	}
	if info.Mode()&os.ModeSymlink != 0 {
		if to, err := w.root.Stat(local); err == nil && to.IsDir() {
			return nil
		} else if err != nil && !os.IsNotExist(err) {
			return &outsideError{filepath.ToSlash(local)}
		}
	}
	return w.root.Remove(local)
}

// removeExisting removes whatever has the path of a file or a link to be written.
func (w *outputWriter) removeExisting(local string) error {
	err := w.root.Remove(local)
	switch {
	case err == nil || os.IsNotExist(err):
		return nil
	case slices.Contains(w.declared, filepath.ToSlash(local)):
		return &occupiedError{filepath.ToSlash(local)}
	}
	return w.root.RemoveAll(local)
}

// rename moves a temporary file to its path, also in the place of a folder.
func (w *outputWriter) rename(temporary, local string) error {
	if info, err := w.root.Lstat(local); err == nil && info.IsDir() {
		if err := w.removeExisting(local); err != nil {
			return err
		}
	}
	return w.root.Rename(temporary, local)
}

// longestName leaves room for what temporaryPath adds, on every file system.
const longestName = 200

// temporaryPath returns the path under which a file is written until it is complete.
func temporaryPath(local string) string {
	base := filepath.Base(local)
	if len(base) > longestName {
		base = cache.Key(base)
	}
	return filepath.Join(filepath.Dir(local), fmt.Sprintf(".%s.davit-%d", base, os.Getpid()))
}

var temporaryName = regexp.MustCompile(`^\..+\.davit-(\d+)$`)

// removeAbandoned removes the temporary files of a davit that was killed, once from each folder.
func (w *outputWriter) removeAbandoned(local string) {
	if w.cleaned[local] {
		return
	}
	if w.cleaned == nil {
		w.cleaned = map[string]bool{}
	}
	w.cleaned[local] = true
	dir, err := w.root.Open(local)
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1) // writing there reports the error
	for _, name := range names {
		if found := temporaryName.FindStringSubmatch(name); found != nil && !running(found[1]) {
			_ = w.root.Remove(filepath.Join(local, name))
		}
	}
}

// running reports whether a process with a number exists.
func running(number string) bool {
	pid, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone) && !errors.Is(err, syscall.ESRCH)
}

// An occupiedError is a folder in the place of an output file, whose files would be lost.
type occupiedError struct{ name string }

func (e *occupiedError) Error() string {
	return fmt.Sprintf("%q is a file in the container and a folder here; davit does not remove its files",
		e.name)
}

// Hint returns the remedy.
func (e *occupiedError) Hint() string { return "remove it" }

// An outsideError is an output that would be written outside of the project.
type outsideError struct{ name string }

func (e *outsideError) Error() string {
	return fmt.Sprintf(
		"%q is a link that leads out of the project, and results of a container are only written inside",
		e.name)
}

// Hint returns the remedy.
func (e *outsideError) Hint() string {
	return "remove the link; or run the step with --on host, which follows it"
}
