package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// provided asks whether what a step would install is there already, and returns the reason. It is asked in the
// environment of the steps that use it, and changes nothing.
func (r *Runner) provided(ctx context.Context, s runner.Step) (reason string, skip bool) {
	p := s.Plan.Provides
	if p == nil || len(p.Check) == 0 || r.o.Force {
		return "", false
	}
	env := r.envWith(s, s.Plan.Path)
	program, ok := r.lookPath(p.Check[0], env)
	if !ok {
		return "", false
	}
	out, code, err := r.output(ctx, command{path: program, argv: p.Check, dir: r.existingDir(s), env: env})
	if err != nil || code != 0 {
		return "", false
	}
	if reason = text.FirstLine(out); reason == "" {
		reason = runner.Brief(p.Check) + " succeeds"
	}
	return reason, true
}

// notInstalled is the result of a step that would fill an environment, where nothing is to be installed.
func notInstalled(s runner.Step) runner.Result {
	dir := path.Clean(s.Plan.Provides.Dir)
	result := failed(1, fmt.Sprintf("--locked: %s does not have what the lock file says; davit init installs it", dir))
	result.Hint = "davit init"
	return result
}

// writable returns an error if the folder of an environment is there and cannot be written, as one that is mounted
// read-only. Package managers say that in many ways.
func (r *Runner) writable(s runner.Step) error {
	p := s.Plan.Provides
	if p == nil || !strings.HasSuffix(p.Dir, "/") {
		return nil
	}
	f, err := os.CreateTemp(filepath.Join(r.o.Root, filepath.FromSlash(p.Dir)), ".davit-*")
	if err == nil {
		_ = f.Close()
		return os.Remove(f.Name())
	}
	if failure, ok := errors.AsType[*fs.PathError](err); ok && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s cannot be written: %w", strings.TrimSuffix(p.Dir, "/"), failure.Err)
	}
	return nil
}

// searchPath returns the folders of the project that come first in the PATH of a step. A step that fills an
// environment is run by programs from outside of it.
func searchPath(s runner.Step) []string {
	p := s.Plan.Provides
	if p == nil {
		return s.Plan.Path
	}
	return slices.DeleteFunc(slices.Clone(s.Plan.Path), func(name string) bool {
		return strings.HasPrefix(name+"/", p.Dir)
	})
}

// Installed identifies what is installed for the program that checks whether an environment is needed: the names
// in the folders of its packages, which have the versions in them.
func (r *Runner) Installed(s runner.Step) string {
	env := r.envWith(s, s.Plan.Path)
	program, ok := r.lookPath(s.Plan.Provides.Check[0], env)
	if !ok {
		return ""
	}
	dirs, err := libraries(program, environ.Get(env, "HOME"))
	words := []string{program, environ.Get(env, "PYTHONPATH")}
	for _, dir := range dirs {
		words = append(words, namesIn(dir)...)
	}
	if err != nil {
		return ""
	}
	return cache.Key(words...)
}

// namesIn returns the names in a folder, without those that programs add when they run.
func namesIn(dir string) (names []string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != "__pycache__" {
			names = append(names, e.Name())
		}
	}
	return append(names, "in "+dir)
}

// libraries returns the folders of packages for the programs beside a program.
func libraries(program, home string) ([]string, error) {
	var prefixes []string
	beside := filepath.Dir(filepath.Dir(program))
	real, err := filepath.EvalSymlinks(program)
	if tree.IsUnknown(err) {
		return nil, err
	}
	if err == nil {
		prefixes = append(prefixes, filepath.Dir(filepath.Dir(real)))
	}
	if !slices.Contains(prefixes, beside) {
		prefixes = append(prefixes, beside)
	}
	if home != "" {
		prefixes = append(prefixes, filepath.Join(home, ".local"))
	}
	var found []string
	for _, prefix := range prefixes {
		dirs, err := inPrefix(prefix)
		if err != nil {
			return nil, err
		}
		found = append(found, dirs...)
	}
	return found, nil
}

// inPrefix returns the folders of packages of Python and Node below a prefix.
func inPrefix(prefix string) (found []string, err error) {
	lib := filepath.Join(prefix, "lib")
	entries, err := os.ReadDir(lib)
	if tree.IsUnknown(err) {
		return nil, err
	}
	places := []string{filepath.Join(lib, "node_modules"), filepath.Join(prefix, "Lib", "site-packages")}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "python3") {
			dir := filepath.Join(lib, e.Name())
			places = append(places, filepath.Join(dir, "site-packages"), filepath.Join(dir, "dist-packages"))
		}
	}
	for _, place := range places {
		switch _, err := os.Lstat(place); {
		case err == nil:
			found = append(found, place)
		case tree.IsUnknown(err):
			return nil, err
		}
	}
	return found, nil
}
