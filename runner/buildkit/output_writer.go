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

// outputWriter makes way for outputs in the project. What is in an output that is a folder is the step's: it replaces what is there, of
// whatever kind. But a folder where a file is to be is not davit's to empty, and what is behind a link out of the project is not
// written to: both are refused.
type outputWriter struct {
	root *os.Root
	// declared are the paths that a plan names as outputs.
	declared []string

	mu      sync.Mutex // of two who make room, the second finds what the first made
	cleaned map[string]bool
}

// makeFolder sees to it that there is a folder, and that no half of a file is in it.
func (p *outputWriter) makeFolder(local string) error {
	err := p.root.MkdirAll(local, 0o777)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		if err := p.forceFolder(local); err != nil {
			return err
		}
	}
	p.removeAbandoned(local)
	return nil
}

// forceFolder makes a folder in the place of what is none.
func (p *outputWriter) forceFolder(local string) error {
	names := strings.Split(local, string(filepath.Separator))
	for i := range names {
		if err := p.removeNonFolder(filepath.Join(names[:i+1]...)); err != nil {
			return err
		}
	}
	return p.root.MkdirAll(local, 0o777)
}

// removeNonFolder removes what is no folder and leads to none.
func (p *outputWriter) removeNonFolder(local string) error {
	info, err := p.root.Lstat(local)
	if err != nil || info.IsDir() {
		return nil // whoever makes the folder says what is wrong
	}
	if info.Mode()&os.ModeSymlink != 0 {
		if to, err := p.root.Stat(local); err == nil && to.IsDir() {
			return nil
		} else if err != nil && !os.IsNotExist(err) {
			return &outsideError{filepath.ToSlash(local)}
		}
	}
	return p.root.Remove(local)
}

// removeExisting removes what is at the path of a file or a link.
func (p *outputWriter) removeExisting(local string) error {
	err := p.root.Remove(local)
	switch {
	case err == nil || os.IsNotExist(err):
		return nil
	case slices.Contains(p.declared, filepath.ToSlash(local)):
		return &occupiedError{filepath.ToSlash(local)}
	}
	return p.root.RemoveAll(local)
}

// rename moves a file to where it belongs, be it in the place of a folder.
func (p *outputWriter) rename(temporary, local string) error {
	if info, err := p.root.Lstat(local); err == nil && info.IsDir() {
		if err := p.removeExisting(local); err != nil {
			return err
		}
	}
	return p.root.Rename(temporary, local)
}

// longestName is a name that leaves room for what aside adds, on every file system.
const longestName = 200

// temporaryPath is the path under which a file is written, until it is whole.
func temporaryPath(local string) string {
	base := filepath.Base(local)
	if len(base) > longestName {
		base = cache.Key(base)
	}
	return filepath.Join(filepath.Dir(local), fmt.Sprintf(".%s.davit-%d", base, os.Getpid()))
}

var temporaryName = regexp.MustCompile(`^\..+\.davit-(\d+)$`)

// removeAbandoned removes, once from each folder, what a davit that was killed had not renamed yet.
func (p *outputWriter) removeAbandoned(local string) {
	if p.cleaned[local] {
		return
	}
	if p.cleaned == nil {
		p.cleaned = map[string]bool{}
	}
	p.cleaned[local] = true
	dir, err := p.root.Open(local)
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1) // what cannot be listed is found by whoever writes there
	for _, name := range names {
		if found := temporaryName.FindStringSubmatch(name); found != nil && !running(found[1]) {
			_ = p.root.Remove(filepath.Join(local, name))
		}
	}
}

// running tells whether there is a process of a number.
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

// occupiedError says that the files of a folder would be lost.
type occupiedError struct{ name string }

func (e *occupiedError) Error() string {
	return fmt.Sprintf("%q is a folder here, and none in the container; what is in it is not davit's to remove", e.name)
}

// Hint is the next thing to do.
func (e *occupiedError) Hint() string { return "remove it" }

// outsideError says that an output would be written outside of the project.
type outsideError struct{ name string }

func (e *outsideError) Error() string {
	return fmt.Sprintf("%q is a link out of the project here, and what comes out of a container is written nowhere else", e.name)
}

// Hint is the next thing to do.
func (e *outsideError) Hint() string {
	return "remove the link; or run the step with --on host, which follows it"
}
