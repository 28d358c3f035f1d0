package runner

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner/trace"
)

// outside judges an access outside of the project.
func (j *judge) outside(a trace.Access) Verdict {
	lookedUp := a.Kind == trace.Missing || a.Kind == trace.Stat || a.Kind == trace.Link
	switch why := j.locations.uncounted(a); {
	case why != "":
		return covers(why)
	case a.Kind.Changes():
		return uncovered("it is outside of the project")
	case lookedUp && slices.Contains(repositories, filepath.Base(a.Path)):
		return covers("only a look for a repository")
	case inGit(a.Path):
		return j.git(a.Path, a.Kind)
	case slices.Contains(j.settings, a.Path):
		return covers("its settings")
	case lookedUp && holds(a.Path, j.settings):
		return covers("its settings would be in it")
	case within(j.recorded, a.Path):
		return covers("in an environment, which counts by its record")
	case j.counting[j.cache.files.outside.shown(a.Path)], j.isProgram(a.Path), j.reaches(a):
		return covers("it is in the key")
	case (a.Kind == trace.Stat || a.Kind == trace.Link) && j.locations.parents[a.Path]:
		return covers("a folder on the way")
	}
	return uncovered("it is outside of the project, and no setting of the step")
}

// repositories are the names of folders by which tools find the root of a repository.
var repositories = []string{".git", ".hg", ".svn", ".jj"}

// isProgram reports whether a path is that of a program in the key.
func (j *judge) isProgram(full string) bool {
	for _, program := range j.f.Programs {
		if strings.HasPrefix(program, full+", ") {
			return true
		}
	}
	return false
}

// reaches reports whether a path is in a folder outside of the project of which all files count, and a new file
// there would. A file that is there is in the key already.
func (j *judge) reaches(a trace.Access) bool {
	i := slices.IndexFunc(j.f.folders, func(dir string) bool { return within([]string{dir}, a.Path) })
	if i < 0 {
		return false
	}
	return a.Kind != trace.Read && a.Kind != trace.Exec || stateIn(j.f.folders[i], a.Path)
}

// stateIn reports whether a path in a folder is in what never counts.
func stateIn(dir, full string) bool {
	t, err := tree.Open(dir)
	if err != nil {
		return false
	}
	defer t.Close()
	rel, err := filepath.Rel(dir, full)
	return err == nil && t.HoldsState(filepath.ToSlash(rel), func(string) bool { return true })
}

// holds reports whether one of the paths is below a folder.
func holds(dir string, paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool { return path != dir && within([]string{dir}, path) })
}
