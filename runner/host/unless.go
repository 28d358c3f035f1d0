package host

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/runner"
)

// unless asks whether a step is not needed, and why. A yes is kept for as long as the program, the folders in which its packages
// are installed, what version managers read and the files that the step names stay as they are; a no is asked for again.
func (r *Runner) unless(ctx context.Context, s runner.Step) (reason string, skip bool) {
	argv := s.Plan.Unless
	if len(argv) == 0 {
		return "", false
	}
	env := r.env(s)
	path, ok := r.look(argv[0], env)
	if !ok {
		return "", false
	}
	key := r.unlessKey(s, path, env)
	if !r.o.Force && r.o.Store.Load(key, &reason) {
		return reason, true
	}
	text, code, err := r.output(ctx, s, path, argv, env)
	if err != nil || code != 0 {
		return "", false
	}
	if reason = firstLine(text); reason == "" {
		reason = runner.Quote(argv) + " succeeds"
	}
	r.o.Store.Save(key, reason)
	return reason, true
}

func (r *Runner) unlessKey(s runner.Step, path string, env []string) string {
	words := []string{"unless", s.ID, r.identity(s, path, s.Plan.Unless, env), get(env, "VIRTUAL_ENV"), get(env, "PYTHONPATH")}
	for _, dir := range libraries(path, get(env, "HOME")) {
		words = append(words, stampOf(dir, os.Stat))
	}
	for _, name := range slices.Concat(s.Plan.Inputs, tree.Match(s.Plan.Inputs, r.o.Files), s.Plan.Outputs) {
		words = append(words, stampOf(filepath.Join(r.o.Root, filepath.FromSlash(name)), os.Stat))
	}
	return cache.Key(words...)
}

// libraries are the folders in which packages for the programs beside a program are installed.
func libraries(program, home string) (found []string) {
	if real, err := filepath.EvalSymlinks(program); err == nil {
		found = inPrefix(filepath.Dir(filepath.Dir(real)))
	}
	if prefix := filepath.Dir(filepath.Dir(program)); len(found) == 0 || filepath.Dir(program) != filepath.Dir(found[0]) {
		found = append(found, inPrefix(prefix)...)
	}
	if home != "" {
		found = append(found, inPrefix(filepath.Join(home, ".local"))...)
	}
	return found
}

func inPrefix(prefix string) (found []string) {
	for _, glob := range []string{"lib/python3*/site-packages", "lib/python3*/dist-packages", "lib/node_modules", "Lib/site-packages"} {
		dirs, _ := filepath.Glob(filepath.Join(prefix, filepath.FromSlash(glob))) // the globs are good
		found = append(found, dirs...)
	}
	return found
}
