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

	mu    sync.Mutex // of two who make room, the second finds what the first made
	swept map[string]bool
}

// folder sees to it that there is a folder, and that no half of a file is in it.
func (p *outputWriter) folder(local string) error {
	err := p.root.MkdirAll(local, 0o777)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		if err := p.force(local); err != nil {
			return err
		}
	}
	p.sweep(local)
	return nil
}

// force makes a folder in the place of what is none.
func (p *outputWriter) force(local string) error {
	names := strings.Split(local, string(filepath.Separator))
	for i := range names {
		if err := p.clear(filepath.Join(names[:i+1]...)); err != nil {
			return err
		}
	}
	return p.root.MkdirAll(local, 0o777)
}

// clear removes what is no folder and leads to none.
func (p *outputWriter) clear(local string) error {
	info, err := p.root.Lstat(local)
	if err != nil || info.IsDir() {
		return nil // whoever makes the folder says what is wrong
	}
	if info.Mode()&os.ModeSymlink != 0 {
		if to, err := p.root.Stat(local); err == nil && to.IsDir() {
			return nil
		} else if err != nil && !os.IsNotExist(err) {
			return &outwards{filepath.ToSlash(local)}
		}
	}
	return p.root.Remove(local)
}

// vacate removes what is at the path of a file or a link.
func (p *outputWriter) vacate(local string) error {
	err := p.root.Remove(local)
	switch {
	case err == nil || os.IsNotExist(err):
		return nil
	case slices.Contains(p.declared, filepath.ToSlash(local)):
		return &occupied{filepath.ToSlash(local)}
	}
	return p.root.RemoveAll(local)
}

// rename moves a file to where it belongs, be it in the place of a folder.
func (p *outputWriter) rename(aside, local string) error {
	if info, err := p.root.Lstat(local); err == nil && info.IsDir() {
		if err := p.vacate(local); err != nil {
			return err
		}
	}
	return p.root.Rename(aside, local)
}

// longestName is a name that leaves room for what aside adds, on every file system.
const longestName = 200

// asideName is the path under which a file is written, until it is whole.
func asideName(local string) string {
	base := filepath.Base(local)
	if len(base) > longestName {
		base = cache.Key(base)
	}
	return filepath.Join(filepath.Dir(local), fmt.Sprintf(".%s.davit-%d", base, os.Getpid()))
}

var asides = regexp.MustCompile(`^\..+\.davit-(\d+)$`)

// sweep removes, once from each folder, what a davit that was killed had not renamed yet.
func (p *outputWriter) sweep(local string) {
	if p.swept[local] {
		return
	}
	if p.swept == nil {
		p.swept = map[string]bool{}
	}
	p.swept[local] = true
	dir, err := p.root.Open(local)
	if err != nil {
		return
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1) // what cannot be listed is found by whoever writes there
	for _, name := range names {
		if found := asides.FindStringSubmatch(name); found != nil && !running(found[1]) {
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

// occupied says that the files of a folder would be lost.
type occupied struct{ name string }

func (e *occupied) Error() string {
	return fmt.Sprintf("%q is a folder here, and none in the container; what is in it is not davit's to remove", e.name)
}

// Hint is the next thing to do.
func (e *occupied) Hint() string { return "remove it" }

// outwards says that an output would be written outside of the project.
type outwards struct{ name string }

func (e *outwards) Error() string {
	return fmt.Sprintf("%q is a link out of the project here, and what comes out of a container is written nowhere else", e.name)
}

// Hint is the next thing to do.
func (e *outwards) Hint() string {
	return "remove the link; or run the step with --on host, which follows it"
}
