package dependencies

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// A world is a project, the home of a user and the store of davit.
type world struct {
	place *place
	dir   string
}

func (w *world) project() string { return filepath.Join(w.dir, "project") }
func (w *world) home() string    { return filepath.Join(w.dir, "home") }
func (w *world) store() string   { return filepath.Join(w.dir, "store") }

// environment returns the path of something in the environment of the project, with wildcards.
func (w *world) environment(t *testing.T, name string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(w.project(), w.place.manager.environment, name))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s: %v, %v", name, found, err)
	}
	return found[0]
}

// write writes files of the project. An empty text removes one.
func (w *world) write(t *testing.T, all files) {
	t.Helper()
	for name, text := range all {
		name = filepath.Join(w.project(), name)
		err := os.MkdirAll(filepath.Dir(name), 0o755)
		if text == "" {
			err = errors.Join(err, os.RemoveAll(name))
		} else {
			err = errors.Join(err, os.WriteFile(name, []byte(text), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// remove removes a file or a folder.
func (w *world) remove(t *testing.T, name string) {
	t.Helper()
	makeWritable(name)
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
}

// impatient makes managers try once only to reach a registry that is down. They would try for minutes.
var impatient = []string{
	"UV_HTTP_RETRIES=0", "PIP_RETRIES=0", "POETRY_REQUESTS_MAX_RETRIES=0", "PDM_REQUEST_RETRIES=0",
	"npm_config_fetch_retries=0", "YARN_HTTP_RETRY=0", "CARGO_NET_RETRY=0",
}

// makeStore makes an empty store for davit, which has the compiled plugins.
func (w *world) makeStore(t *testing.T) {
	t.Helper()
	err := os.MkdirAll(w.store(), 0o700)
	if err == nil {
		err = os.Symlink(compiled, filepath.Join(w.store(), "plugins"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// environ returns the variables of a command of the user, with more of them.
func (w *world) environ(more []string) []string {
	env := []string{
		"PATH=" + w.place.bin() + ":" + os.Getenv("PATH"), "HOME=" + w.home(), "LANG=C.UTF-8",
		"TMPDIR=" + os.TempDir(), "DAVIT_CACHE=" + w.store(),
		"YARN_CACHE_FOLDER=" + filepath.Join(w.home(), "yarn"), "PYTHONDONTWRITEBYTECODE=1",
	}
	env = append(env, impatient...)
	for _, name := range []string{"PYENV_ROOT", "RUSTUP_HOME"} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	if os.Getenv("RUSTUP_HOME") == "" {
		env = append(env, "RUSTUP_HOME="+filepath.Join(os.Getenv("HOME"), ".rustup"))
	}
	if w.place.manager.variables != nil {
		env = append(env, w.place.manager.variables(w.place.registry.URL)...)
	}
	return append(env, more...)
}

// command returns a command of the user in a folder.
func (w *world) command(dir string, more []string, argv ...string) *exec.Cmd {
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Env = dir, w.environ(more)
	return c
}

// run runs a command and returns its exit code and what it has printed.
func (w *world) run(t *testing.T, dir string, more []string, argv ...string) (int, string) {
	t.Helper()
	return finish(t, w.command(dir, more, argv...))
}

// finish runs a command to its end.
func finish(t *testing.T, c *exec.Cmd) (int, string) {
	t.Helper()
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), said.String()
}

// davit runs targets of the project, the tests if none is named.
func (w *world) davit(t *testing.T, more []string, targets ...string) (verdict, string) {
	t.Helper()
	if len(targets) == 0 {
		targets = []string{"test"}
	}
	code, said := w.run(t, w.project(), more, append([]string{davit, "--on", "host"}, targets...)...)
	return verdictOf(code, said), said
}

// native runs the tests of the project in a clean clone, with its own commands.
func (w *world) native(t *testing.T, home string, more []string) (verdict, string) {
	t.Helper()
	clean := w.place.emptyWorld(t)
	for _, name := range w.clone(t) {
		text, err := os.ReadFile(filepath.Join(w.project(), name))
		if err == nil {
			clean.write(t, files{name: string(text)})
		}
	}
	if home != "" {
		more = append(slices.Clone(more), "HOME="+home)
	}
	script := w.place.manager.install + "\n" + w.place.manager.test
	code, said := clean.run(t, clean.project(), more, "sh", "-ec", script)
	return verdictOf(code, said), said
}

// git runs git in the project.
func (w *world) git(t *testing.T, args ...string) string {
	t.Helper()
	c := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	c.Dir = w.project()
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %q: %v: %s", args, err, out)
	}
	return string(out)
}
