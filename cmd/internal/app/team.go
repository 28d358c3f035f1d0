package app

import (
	"path/filepath"

	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/project"
)

// Convention returns the convention of the project with what it brings.
func (p *Project) Convention() *team.Convention { return p.team }

// OpenConvention returns the convention of the project that a folder belongs to, and reads nothing else of the project.
func OpenConvention(o Options) (*team.Convention, error) {
	l := loader{&Project{Options: o, Root: FindRoot(o.Dir), brought: map[string]team.Plugin{}}}
	if err := l.readConfig(); err != nil {
		return nil, err
	}
	return l.team, l.openConvention()
}

// OpenUserConvention returns the convention that the user's own project.toml names for davit new; nil if it names none. The
// project.lock beside that file pins it.
func OpenUserConvention(o Options) (*team.Convention, error) {
	l := loader{&Project{Options: o, Root: FindRoot(o.Dir), Config: &project.Project{}}}
	user, err := ReadUser(l.env, l.Root.Dir)
	if err != nil || user == nil || user.Convention == "" {
		return nil, err
	}
	dir := filepath.Dir(user.File)
	lock, err := pins{&Project{Root: Root{Dir: dir}}}.readLock()
	if err != nil {
		return nil, err
	}
	return team.Source{Dir: dir, Lock: lock, Read: func(ref string, b blobs.Blob) ([]byte, error) {
		return l.readBlob(ref, ref, b)
	}}.Open(user.Convention)
}
