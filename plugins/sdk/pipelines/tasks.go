package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// follow adds the commands of the tasks, scripts and hooks of the project that a command runs, each once for a job.
func (r *pipelineReader) follow(c recipes.Command) {
	if c.Dir != ".." && r.toolScripts(c) { // "pdm run" is nothing around another program where the name is a script
		return
	}
	if words := plain(c.Words); strings.Contains(c.Words[0], "/") && words[0] == path.Base(c.Words[0]) {
		r.scriptFile(c.Dir, c.Words[0], recipes.Plain, false, c.Words[1:]) // it is named like a tool
	}
	c.Words = plain(c.Words)
	switch program := path.Base(c.Words[0]); {
	case c.Dir == "..":
	case r.carried(c):
	case strings.HasPrefix(program, "nix"):
		r.nix(c)
	case program == "make" || program == "gmake":
		r.giving(c, func() { r.recipesIn(c, makeKind) })
	case program == "just":
		r.giving(c, func() { r.recipesIn(c, justKind) })
	case program == "task" || program == "go-task":
		dir, file, names := tasksNamed(c)
		r.giving(c, func() {
			for _, name := range names {
				r.taskfile(path.Join(dir, path.Dir(file)), name)
			}
		})
	case (program == "pre-commit" || program == "prek") && !slices.Contains(c.Words, "--hook-stage"):
		r.hooks(c)
	case program == "lefthook":
		r.runsLefthook(c)
	case isShell(program) && len(c.Words) > 1:
		r.shell(c)
	case strings.Contains(c.Words[0], "/"):
		r.scriptFile(c.Dir, c.Words[0], recipes.Plain, false, c.Words[1:])
	case program == "cargo":
		r.cargoAlias(c)
	case program == "tox" || program == "nox":
		r.sessions(c)
	case program == "composer":
		r.composerScript(c)
	case program == "poe" && r.toolScripts(c): // "uv run poe lint"
	default:
		r.packageScripts(c)
	}
}

// nix adds the commands that "nix-shell --run" and "nix develop --command" run.
func (r *pipelineReader) nix(c recipes.Command) {
	for i, w := range c.Words[:len(c.Words)-1] {
		switch w {
		case "--run":
			r.script(c.Dir, c.Words[i+1])
			return
		case "-c", "--command":
			r.script(c.Dir, strings.Join(c.Words[i+1:], " "))
			return
		}
	}
}

// once reports whether a task of the job has not been read yet with the variables that are set for it.
func (r *pipelineReader) once(name string) bool {
	for _, v := range r.env {
		if of, _, _ := strings.Cut(v, "="); Decides(of, true) {
			name += " " + v
		}
	}
	if r.seen[name] || len(r.seen) > 200 {
		r.again = true
		return false
	}
	r.seen[name] = true
	return true
}

// shell adds the commands of the text that a shell is given, or else of the script.
func (r *pipelineReader) shell(c recipes.Command) {
	if text := shellText(c.Words); text != "" {
		r.scriptIn(exits(c.Words[1]), c.Dir, text)
		return
	}
	if slices.Contains(c.Words, "-n") { // it runs nothing
		return
	}
	name := scriptOf(c.Words)
	r.scriptFile(c.Dir, name, exitsBy(c.Words), true, c.Words[slices.Index(c.Words, name)+1:])
}

// exits returns how the option of a shell has it run a script: by "-e" it ends with the first failure.
func exits(option string) recipes.Shell {
	if strings.HasPrefix(option, "-") && !strings.HasPrefix(option, "--") && strings.Contains(option, "e") {
		return recipes.Errexit
	}
	return recipes.Plain
}

// exitsBy returns how the first of some words with such an option has a shell run a script.
func exitsBy(words []string) recipes.Shell {
	if slices.ContainsFunc(words[1:], func(w string) bool { return exits(w) == recipes.Errexit }) {
		return recipes.Errexit
	}
	return recipes.Plain
}

// scriptFile adds the commands of a script of the project with its arguments, if a shell runs it.
func (r *pipelineReader) scriptFile(dir, name string, by recipes.Shell, shell bool, args []string) {
	file := path.Join(dir, name)
	if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "$`*?") || strings.HasPrefix(file, "..") {
		return
	}
	text, ok := r.files.Read(file)
	if !ok || len(text) >= maxPipeline || strings.Contains(text, "\x00") || !shell && !recipes.IsShellScript(name, text) {
		return
	}
	script := recipes.WithArguments(text, args)
	if script != text {
		file += " " + strings.Join(args, " ")
	}
	if first, _, _ := strings.Cut(text, "\n"); strings.HasPrefix(first, "#!") && !shell {
		by = exitsBy(strings.Fields(first))
	}
	if r.once(file) {
		r.scriptIn(by, dir, r.sourced(dir, path.Dir(name), script))
	}
}

// tasksNamed returns the folder of the tasks that a command names, the file that it names for them, or "", and their names;
// the name of the default one is "".
func tasksNamed(c recipes.Command) (dir, file string, names []string) {
	dir = c.Dir
	for i := 1; i < len(c.Words); i++ {
		w, valued := c.Words[i], i+1 < len(c.Words)
		switch {
		case slices.Contains([]string{"-C", "--directory", "--dir", "-d", "--working-directory"}, w) && valued:
			i++
			dir = path.Join(dir, c.Words[i])
		case slices.Contains([]string{"-f", "--file", "--makefile", "--justfile", "-t", "--taskfile"}, w) && valued:
			i++
			file = c.Words[i]
		case slices.Contains([]string{"-j", "-o", "-W", "-I", "-l"}, w) && valued:
			i++
		case w == "--set" && i+2 < len(c.Words):
			i += 2
		case !strings.HasPrefix(w, "-") && !strings.Contains(w, "="):
			names = append(names, w)
		}
	}
	if len(names) == 0 {
		names = []string{""}
	}
	return dir, file, names
}
