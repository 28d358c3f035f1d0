package buildkit

import (
	"path"

	"github.com/davit-dev/davit/runner"
)

// places decides which paths of the project a step may write from a container. Whether a folder can be reached is looked
// at once. It is used by one goroutine.
type places struct {
	project  string
	reserved *runner.Reserved
	folders  map[string]string // where each leads
	failures map[string]error  // of those that cannot be written in
}

// refused returns why a path is not to be written: nil if it may be.
func (p *places) refused(name string) error {
	dir := path.Dir(path.Clean(name))
	there, err := p.folder(dir)
	if err != nil {
		return err
	}
	return p.reserved.Refuse(name, path.Join(there, path.Base(name)))
}

// folder returns where a folder leads by the links that are in the project now.
func (p *places) folder(dir string) (there string, err error) {
	if there, known := p.folders[dir]; known {
		return there, p.failures[dir]
	}
	if p.folders == nil {
		p.folders, p.failures = map[string]string{}, map[string]error{}
	}
	there, err = runner.Followed(p.project, dir)
	p.folders[dir] = there
	if err != nil {
		p.failures[dir] = err
	}
	return there, err
}
