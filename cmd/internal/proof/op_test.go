package proof

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// An op is something that a user does between two runs. It does nothing where it cannot be done, such as
// removing a file that does not exist, so that any part of a list of operations is a list of operations.
type op interface {
	// Apply does it to a world. Paths are relative to the project; they may lead out of it.
	Apply(w *world)
	String() string
}

// A write puts a text into a file, through a link if there is one. With keepTime it leaves the time of the
// file as it was, as tools do that copy files with their times.
type write struct {
	path, text string
	keepTime   bool
}

// put returns a write that changes the time of the file.
func put(path, text string) write { return write{path: path, text: text} }

func (o write) Apply(w *world) {
	name := w.at(o.path)
	info, err := os.Stat(name)
	_ = os.MkdirAll(filepath.Dir(name), 0o777)
	_ = writeFile(name, o.text)
	if o.keepTime && err == nil && !w.kind.commits { // git itself may take such a file for unchanged
		_ = os.Chtimes(name, time.Time{}, info.ModTime())
	}
}

func (o write) String() string {
	if o.keepTime {
		return fmt.Sprintf("write %q %q with the same time", o.path, o.text)
	}
	return fmt.Sprintf("write %q %q", o.path, o.text)
}

// A remove removes a file, a link or a folder.
type remove struct{ path string }

func (o remove) Apply(w *world) { _ = os.RemoveAll(w.at(o.path)) }
func (o remove) String() string { return fmt.Sprintf("remove %q", o.path) }

// A replace puts a copy of a file into the place of another.
type replace struct{ path, with string }

func (o replace) Apply(w *world) { _ = exec.Command("cp", "-p", w.at(o.with), w.at(o.path)).Run() }
func (o replace) String() string { return fmt.Sprintf("replace %q with a copy of %q", o.path, o.with) }

// A rename renames a file, a link or a folder.
type rename struct{ from, to string }

func (o rename) Apply(w *world) {
	_ = os.MkdirAll(filepath.Dir(w.at(o.to)), 0o777)
	_ = os.Rename(w.at(o.from), w.at(o.to))
}
func (o rename) String() string { return fmt.Sprintf("rename %q to %q", o.from, o.to) }

// A chmod changes the permissions of a file or folder.
type chmod struct {
	path string
	mode fs.FileMode
}

func (o chmod) Apply(w *world) {
	if info, err := os.Lstat(w.at(o.path)); err == nil && info.Mode()&fs.ModeSymlink == 0 {
		_ = os.Chmod(w.at(o.path), o.mode)
	}
}
func (o chmod) String() string { return fmt.Sprintf("chmod %q %o", o.path, o.mode) }

// A link puts a symbolic link in the place of a file or link.
type link struct{ path, target string }

func (o link) Apply(w *world) {
	_ = os.MkdirAll(filepath.Dir(w.at(o.path)), 0o777)
	if os.Remove(w.at(o.path)); true { // not a folder with files
		_ = os.Symlink(o.target, w.at(o.path))
	}
}
func (o link) String() string { return fmt.Sprintf("link %q to %q", o.path, o.target) }

// A clone puts a git repository into the project, as git clone does, or as a submodule. It has the file
// code.txt, or is a module of Go where the project is one.
type clone struct {
	path      string
	submodule bool
}

func (o clone) Apply(w *world) {
	if _, err := os.Lstat(w.at(o.path + "/.git")); err == nil {
		return
	}
	from := w.shared.inner
	if w.kind == goModule {
		from = w.shared.module
	}
	_ = os.CopyFS(w.at(o.path), os.DirFS(from.dir))
	if o.submodule && w.git("update-index", "--add", "--cacheinfo", "160000,"+from.commit+","+o.path) {
		text := fmt.Sprintf("[submodule %q]\n\tpath = %s\n\turl = ../inner\n", o.path, o.path)
		put(".gitmodules", text).Apply(w)
	}
}

func (o clone) String() string {
	if o.submodule {
		return fmt.Sprintf("submodule %q", o.path)
	}
	return fmt.Sprintf("clone %q", o.path)
}

// A gitCommand runs git in the project.
type gitCommand struct{ args []string }

func (o gitCommand) Apply(w *world) { w.git(o.args...) }
func (o gitCommand) String() string { return "git " + strings.Join(o.args, " ") }

// A setenv sets a variable of the caller of davit; unsetenv removes it.
type setenv struct{ name, value string }

func (o setenv) Apply(w *world) { w.env[o.name] = o.value }
func (o setenv) String() string { return fmt.Sprintf("set %s=%q", o.name, o.value) }

type unsetenv struct{ name string }

func (o unsetenv) Apply(w *world) { delete(w.env, o.name) }
func (o unsetenv) String() string { return "unset " + o.name }

// An args sets the arguments behind --.
type args []string

func (o args) Apply(w *world) { w.args = slices.Clone(o) }
func (o args) String() string { return fmt.Sprintf("arguments %q", []string(o)) }

// A tools puts another folder with tools first in PATH.
type tools struct{ folder string }

func (o tools) Apply(w *world) { w.tools = o.folder }
func (o tools) String() string { return "tools of " + o.folder }

// A config writes another project.toml of the kind.
type config struct{ name string }

func (o config) Apply(w *world) {
	if text, there := w.kind.configs[o.name]; there {
		put("project.toml", text).Apply(w)
	}
}
func (o config) String() string { return fmt.Sprintf("config %q", o.name) }

// A fresh goes on in a copy of the project in another folder, without the outputs, as another checkout is.
type fresh struct{}

func (o fresh) Apply(w *world) {
	to := other(w.name)
	if exec.Command("cp", "-a", w.at("."), filepath.Join(w.dir, to)).Run() != nil {
		return
	}
	_ = os.RemoveAll(w.at("."))
	w.name = to
	for _, step := range w.kind.steps {
		for _, name := range step.remade {
			remove{name}.Apply(w)
		}
	}
}
func (o fresh) String() string { return "fresh checkout" }

// A cloneAgain commits all files of the project and goes on in a clone of it, in which nothing is that git
// ignores.
type cloneAgain struct{}

func (o cloneAgain) Apply(w *world) {
	from, to := w.at("."), other(w.name)
	gitCommand{[]string{"add", "-A"}}.Apply(w)
	gitCommand{[]string{"commit", "-qm", "all"}}.Apply(w)
	if w.kind.repository != "project" || gitIn(w.dir, "clone", "-q", from, to) != nil {
		return
	}
	_ = os.RemoveAll(from)
	w.name = to
}
func (o cloneAgain) String() string { return "commit all and clone" }

// other returns the name of the project's folder that is not in use.
func other(name string) string {
	if name == "project" {
		return "clone"
	}
	return "project"
}

// A nothing is a second run of the same.
type nothing struct{}

func (o nothing) Apply(*world)   {}
func (o nothing) String() string { return "nothing" }
