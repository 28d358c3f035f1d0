package proof

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/davit-dev/davit/plugins/pluginstest"
)

// A world is a project with all that its steps may read: what is beside it, a home, tools and variables.
//
//	world/project   the project; "clone" after the operation fresh
//	world/ext, lib  code of others that the project uses
//	world/home      HOME
//	world/tools/v1  a folder of PATH
//	store           DAVIT_CACHE
//	clean           a copy of world, in which steps run without davit
type world struct {
	kind   *kind
	shared *shared
	dir    string // of world
	top    string // of all
	name   string // of the project's folder
	env    map[string]string
	args   []string
	tools  string
	last   snapshot        // of the project, after the last run of davit
	mine   map[string]node // outputs that were edited by hand since davit wrote them
}

// newWorld makes a world of a kind in a folder.
func newWorld(s *shared, k *kind, top string) (*world, error) {
	w := &world{kind: k, shared: s, top: top, dir: filepath.Join(top, "world"), name: "project",
		env: map[string]string{}, tools: "v1", mine: map[string]node{}}
	err := k.files().write(w.dir)
	if err == nil {
		err = k.files().age(w.dir)
	}
	if err == nil && k.plugin {
		err = pluginstest.Share(s.compiled, w.store("store"))
	}
	if err == nil && k.repository != "" {
		err = commitAll(filepath.Join(w.dir, k.repository))
	}
	for _, o := range k.first {
		o.Apply(w)
	}
	return w, err
}

// commitAll makes a folder a repository of all that is in it.
func commitAll(dir string) error {
	for _, args := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-qm", "first"}} {
		if err := gitIn(dir, args...); err != nil {
			return err
		}
	}
	return nil
}

// at returns the absolute path of a path in the project.
func (w *world) at(name string) string { return filepath.Join(w.dir, w.name, name) }

// store returns the absolute path of a folder beside the world.
func (w *world) store(name string) string { return filepath.Join(w.top, name) }

// paths returns paths of the project as paths of the world.
func (w *world) paths(names []string) (paths []string) {
	for _, name := range names {
		paths = append(paths, w.name+"/"+name)
	}
	return paths
}

// git runs git in the project and reports whether that succeeded.
func (w *world) git(args ...string) bool {
	return w.kind.repository != "" && gitIn(w.at("."), args...) == nil
}

func gitIn(dir string, args ...string) error {
	author := []string{"-c", "user.name=a", "-c", "user.email=a@example.com"}
	c := exec.Command("git", append(author, args...)...)
	c.Dir = dir
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"}
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("git %q: %w: %s", args, err, out)
	}
	return nil
}

// environ returns the variables of a command whose world is at dir.
func (w *world) environ(dir, store string) []string {
	env := map[string]string{
		"PATH":        filepath.Join(dir, "tools", w.tools) + ":" + os.Getenv("PATH"),
		"HOME":        filepath.Join(dir, "home"),
		"LANG":        "C",
		"TMPDIR":      os.TempDir(),
		"DAVIT_CACHE": store,
	}
	if w.kind.env != nil {
		maps.Copy(env, w.kind.env())
	}
	maps.Copy(env, w.env)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		list = append(list, name+"="+env[name])
	}
	return list
}

// An outcome is how a command ended.
type outcome struct {
	code int
	said string
}

// run runs a command in the project of the world, or of a copy of it.
func (w *world) run(dir, store string, argv ...string) (outcome, error) {
	var said bytes.Buffer
	c := exec.Command(argv[0], argv[1:]...)
	c.Dir, c.Env = filepath.Join(dir, w.name), w.environ(dir, store)
	c.Stdout, c.Stderr = &said, &said
	err := c.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return outcome{exit.ExitCode(), said.String()}, nil
	}
	return outcome{0, said.String()}, err
}

// runDavit runs the targets of the kind.
func (w *world) runDavit() (outcome, error) {
	argv := slices.Concat([]string{w.shared.davit, "--on", "host"}, w.kind.targets)
	if *force {
		argv = append(argv, "--force")
	}
	if len(w.args) > 0 {
		argv = slices.Concat(argv, []string{"--"}, w.args)
	}
	return w.run(w.dir, w.store("store"), argv...)
}

// native runs one step in a copy of the world that is as a snapshot, without davit, and returns what is
// there afterwards.
func (w *world) native(s step, before snapshot) (o outcome, after snapshot, err error) {
	clean := w.store("clean")
	if err := before.write(clean); err != nil {
		return o, nil, err
	}
	if err := w.copyGit(clean); err != nil {
		return o, nil, err
	}
	argv := slices.Concat(s.argv, w.args)
	if flavour := flavours.FindString(before[w.name+"/project.toml"].text); flavour != "" {
		argv = slices.Concat([]string{"env", flavour}, argv)
	}
	if o, err = w.run(clean, "/nonexistent", argv...); err != nil {
		return o, nil, err
	}
	after, err = look(clean)
	return o, after, err
}

// copyGit copies the data of the repositories of the world into a copy of it, if the steps ask git for the
// commit.
func (w *world) copyGit(clean string) error {
	for _, dir := range []string{".", w.name, w.name + "/third/lib"} {
		from, to := filepath.Join(w.dir, dir, ".git"), filepath.Join(clean, dir, ".git")
		if _, err := os.Lstat(from); err != nil || !w.kind.commits {
			continue
		}
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			return err
		}
	}
	return nil
}

// flavours finds the variable that project.toml gives to the steps of some kinds, as NAME=value.
var flavours = regexp.MustCompile(`FLAVOUR=\w+`)

// save returns a function that makes the files, variables and arguments of the world what they are now.
func (w *world) save() (undo func() error, err error) {
	files, err := look(w.dir)
	args, tools, env := w.args, w.tools, maps.Clone(w.env)
	return func() error {
		w.args, w.tools, w.env = args, tools, env
		now, err := look(w.dir)
		for _, name := range now.different(files) {
			if err := os.RemoveAll(filepath.Join(w.dir, name)); err != nil {
				return err
			}
		}
		for _, name := range files.different(now) {
			if n, there := files[name]; there {
				err = errors.Join(err, n.write(filepath.Join(w.dir, name)))
			}
		}
		return err
	}, err
}
