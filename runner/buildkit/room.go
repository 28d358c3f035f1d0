package buildkit

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// room makes way for outputs in the project. An output replaces what is at its path, of whatever kind it is; but a folder of the
// project that is a link out of it is left alone, and refused.
type room struct {
	root *os.Root
	mu   sync.Mutex // of two who make room, the second finds what the first made
}

// folder sees to it that there is a folder.
func (p *room) folder(local string) error {
	if local == "." || p.root.MkdirAll(local, 0o777) == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	names := strings.Split(local, string(filepath.Separator))
	for i := range names {
		if err := p.clear(filepath.Join(names[:i+1]...)); err != nil {
			return err
		}
	}
	return p.root.MkdirAll(local, 0o777)
}

// clear removes what is no folder and leads to none.
func (p *room) clear(local string) error {
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

// rename moves a file to where it belongs, be it in the place of a folder.
func (p *room) rename(aside, local string) error {
	if info, err := p.root.Lstat(local); err == nil && info.IsDir() {
		if err := p.root.RemoveAll(local); err != nil {
			return err
		}
	}
	return p.root.Rename(aside, local)
}

// outwards says that an output would be written outside of the project.
type outwards struct{ name string }

func (e *outwards) Error() string {
	return fmt.Sprintf("%q is a link out of the project here, and what comes out of a container is written nowhere else", e.name)
}

// Hint is the next thing to do.
func (e *outwards) Hint() string {
	return "remove the link; or run the step with --on host, which follows it"
}
