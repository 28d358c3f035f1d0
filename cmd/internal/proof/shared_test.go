package proof

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/plugins/pluginstest"
)

// A shared is what all worlds share and none changes.
type shared struct {
	dir      string
	davit    string     // the program
	inner    repository // is cloned into projects
	module   repository // is cloned into those of Go
	compiled string     // the folder with the compiled plugins
}

// A repository is a git repository that is cloned into projects.
type repository struct{ dir, commit string }

// newShared builds davit, as make build does, so that only the link is new, and makes the rest in a folder.
func newShared(dir string) (*shared, error) {
	s := &shared{dir: dir, davit: filepath.Join(dir, "davit")}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", s.davit, "github.com/davit-dev/davit/cmd/davit")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var err error
	if s.compiled, err = pluginstest.Warm(s.davit, filepath.Join(dir, "warm")); err != nil {
		return nil, err
	}
	var failed error
	s.inner, err = newRepository(filepath.Join(dir, "inner"), snapshot{"code.txt": file("one\n")})
	s.module, failed = newRepository(filepath.Join(dir, "module"), snapshot{
		"go.mod":   file("module example.com/third\n\ngo 1.24\n"),
		"third.go": file("package third\n\nconst Word = \"one\"\n"),
	})
	return s, errors.Join(err, failed)
}

// newRepository makes a repository with some files.
func newRepository(dir string, files snapshot) (repository, error) {
	if err := errors.Join(files.write(dir), commitAll(dir)); err != nil {
		return repository{}, err
	}
	c := exec.Command("git", "rev-parse", "HEAD")
	c.Dir = dir
	out, err := c.Output()
	return repository{dir, strings.TrimSpace(string(out))}, err
}
