package host

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// unless reports whether a step is to be skipped, and why. A yes is cached while the program, the folders of
// its packages, what version managers read and the files that the step names stay as they are; a no is asked
// for again.
func (r *Runner) unless(ctx context.Context, s runner.Step) (reason string, skip bool) {
	argv := s.Plan.Unless
	if len(argv) == 0 {
		return "", false
	}
	env := r.env(s)
	path, ok := r.lookPath(argv[0], env)
	if !ok {
		return "", false
	}
	key, unknown := r.unlessKey(s, path, env)
	if unknown == nil && !r.o.Force && r.o.Store.Load(key, &reason) {
		return reason, true
	}
	out, code, err := r.output(ctx, s, path, argv, env)
	if err != nil || code != 0 {
		return "", false
	}
	if reason = text.FirstLine(out); reason == "" {
		reason = runner.Quote(argv) + " succeeds"
	}
	if unknown == nil {
		r.o.Store.Save(key, reason)
	}
	return reason, true
}

func (r *Runner) unlessKey(s runner.Step, path string, env []string) (string, error) {
	identity, err := r.identity(s, path, s.Plan.Unless, env)
	if err != nil {
		return "", err
	}
	dirs, err := libraries(path, environ.Get(env, "HOME"))
	if err != nil {
		return "", err
	}
	k := probeKey{words: []string{"unless", s.ID, identity}}
	k.add(environ.Get(env, "VIRTUAL_ENV"), environ.Get(env, "PYTHONPATH"))
	for _, dir := range dirs {
		k.stamp(dir, os.Stat)
	}
	for _, name := range slices.Concat(s.Plan.Inputs, tree.Match(s.Plan.Inputs, r.o.Files), s.Plan.Outputs) {
		k.stamp(filepath.Join(r.o.Root, filepath.FromSlash(name)), os.Stat)
	}
	return k.key()
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
