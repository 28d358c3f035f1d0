package proof

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// A shared is what all worlds share and none changes.
type shared struct {
	dir    string
	davit  string     // the program
	inner  repository // is cloned into projects
	module repository // is cloned into those of Go
	mu     sync.Mutex
	warmed map[string]string // folders with compiled plugins, by the kind of project
}

// A repository is a git repository that is cloned into projects.
type repository struct{ dir, commit string }

// newShared builds davit and makes the rest in a folder.
func newShared(dir string) (*shared, error) {
	s := &shared{dir: dir, davit: filepath.Join(dir, "davit"), warmed: map[string]string{}}
	c := exec.Command("go", "build", "-buildvcs=false", "-o", s.davit, "github.com/davit-dev/davit/cmd/davit")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	var err, failed error
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

// waiting is a script that ends when a plugin is compiled, which davit does beside steps, or after ten
// seconds.
const waiting = `n=0
while [ $n -lt 100 ] && ! ls "$DAVIT_CACHE"/plugins/compiled/*/*.json >/dev/null 2>&1; do
  sleep 0.1
  n=$((n + 1))
done`

// warm puts the compiled plugins of a kind into an empty store. Interpreting them would take most of the time
// of the test.
func (s *shared) warm(k *kind, store string) error {
	if !k.plugin {
		return nil
	}
	from, err := s.compiled(k)
	if err != nil {
		return err
	}
	return linkTree(from, filepath.Join(store, "plugins", "compiled"))
}

// compiled returns a folder with the compiled plugins of a kind, which one of its projects makes.
func (s *shared) compiled(k *kind) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.warmed[k.name] != "" {
		return s.warmed[k.name], nil
	}
	top := filepath.Join(s.dir, "warm", k.name)
	w := &world{kind: k, shared: s, top: top, dir: filepath.Join(top, "world"), name: "project", tools: "v1"}
	files := k.files()
	files["project/project.toml"] = file("[targets.warm]\nrun = '''\n" + waiting + "\n'''\n")
	if err := files.write(w.dir); err != nil {
		return "", err
	}
	if o, err := w.run(w.dir, w.store("store"), s.davit, "warm"); err != nil || o.code != 0 {
		return "", fmt.Errorf("davit warm: %v: %s", err, o.said)
	}
	s.warmed[k.name] = filepath.Join(w.store("store"), "plugins", "compiled")
	return s.warmed[k.name], nil
}

// linkTree makes a copy of a folder with the same files.
func linkTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		target := filepath.Join(to, strings.TrimPrefix(name, from))
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return os.MkdirAll(target, 0o700)
		}
		return os.Link(name, target)
	})
}
