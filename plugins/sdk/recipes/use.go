package recipes

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// Files are the files of a project.
type Files interface {
	Read(name string) (text string, ok bool)
	List(dir string) []string
}

// The stacks whose environments commands use.
const (
	Node   = "node"
	Python = "python"
)

// A Use is an environment that the commands of a task use.
type Use struct {
	plan.Environment
	// Why names the first command that uses it, and the manifest: "semver is a dependency in package.json".
	Why string
}

// Folders returns the folders with the programs of an environment.
func Folders(e plan.Environment) []string {
	if e.Stack == Python {
		return []string{path.Join(e.Dir, ".venv/bin"), path.Join(e.Dir, ".venv/Scripts")}
	}
	return []string{path.Join(e.Dir, "node_modules/.bin")}
}

// A Command is one simple command of a script: its program and arguments, without quotes, and the folder of the
// project that it runs in, which is ".." if it is not known.
type Command struct {
	Words []string
	Dir   string
	// Env are the variables that are set for it: "RUSTFLAGS=-D warnings".
	Env []string
	// Ignored says why the command is no check of what runs it: its failure is none, as that of "-cmd" in a Makefile and of
	// "cmd || true", or it does not run on every system; "" for most.
	Ignored string
	// Hidden says why a failure of the command does not end what runs it, although that waits for it: of "cmd | tee log" the
	// success of the filter counts, of "cmd; echo done" that of the last; "" for most.
	Hidden string
	// Condition is that on which the command runs: "[ -n $CI ]"; "" for most.
	Condition string
	// From has the words of the command whose output this one reads: "cat x.sh" of "sh" in "cat x.sh | sh"; nil for most.
	From []string
	// Errexit says that the shell ends with the first failure where the command runs.
	Errexit bool
}

// FailureIgnored is the reason of a command whose failure is none.
const FailureIgnored = "whose failure is ignored"

// assignedIn returns the variables among the words in front of a program, without the signs of make.
func assignedIn(before []string) (env []string) {
	for _, w := range before {
		if w = strings.TrimLeft(w, "@-+"); isAssignment(w) {
			env = append(env, w)
		}
	}
	return env
}

// Commands returns the simple commands of a script that runs in a folder of the project by "sh -e", without words of the
// shell and programs such as sudo in front of them.
func Commands(dir, script string) []Command { return CommandsOf(Errexit, dir, script) }

// CommandsOf returns the simple commands of a script that is run as a shell does.
func CommandsOf(shell Shell, dir, script string) (all []Command) {
	commands, uncalled := judgedBy(shell, script, within(".", dir))
	for _, c := range append(commands, uncalled...) {
		if plain := c.unwrapped(); c.isCommand(plain.words) {
			before := c.words[:len(c.words)-len(plain.words)]
			one := Command{Words: plain.words, Dir: c.dir, Env: assignedIn(before),
				Hidden: c.hidden, Condition: c.condition, From: c.from, Errexit: c.errexit}
			if plain.ignored {
				one.Ignored = FailureIgnored
			}
			if one.HiddenByPipe() && strings.Contains(script, "pipefail") {
				one.Hidden = ""
			}
			all = append(all, one)
		}
	}
	return all
}

// isCommand reports whether a command has a program, by its words without those in front.
func (c command) isCommand(words []string) bool {
	return len(words) > 0 && !c.pattern && !isFunction(words[0])
}

// judgedBy splits a script into its commands, and says of each what its failure means. Those of functions that nobody calls
// are returned apart.
func judgedBy(shell Shell, script, dir string) (all, uncalled []command) {
	whole := withoutDocuments(strings.ReplaceAll(script, "\\\n", " "))
	text, found := withoutFunctions(whole)
	called := map[string]bool{}
	all = found.judged(shell, text, whole, dir, 0, called)
	return all, found.uncalled(dir, called)
}

// isFunction reports whether a word is a function of make, which is no command: "$(wildcard *.go)".
func isFunction(word string) bool {
	return slices.Contains([]string{"wildcard", "foreach", "patsubst", "subst", "filter", "filter-out", "addprefix", "addsuffix",
		"notdir", "firstword", "$"}, word)
}

// A Reader reads the commands of one task after another.
type Reader struct {
	files      Files
	node       map[string]*nodeManifest
	python     map[string]*pythonManifest
	uses       []Use
	filled     []plan.Environment
	scope      plan.Scope
	everywhere bool     // a command may work on any code
	scripts    []string // those that are being read
}

// NewReader returns a Reader for a project.
func NewReader(files Files) *Reader {
	return &Reader{files: files, node: map[string]*nodeManifest{}, python: map[string]*pythonManifest{}}
}

// Read reads a script of the next task, which runs in a folder of the project.
func (r *Reader) Read(dir, script string) {
	for _, c := range split(script, within(".", dir)) {
		r.command(c)
	}
}

// Uses returns the environments that the scripts of the task use, in the order in which they name them, without
// those that one of the scripts fills. What is read then is another task.
func (r *Reader) Uses() []Use {
	uses := slices.DeleteFunc(r.uses, func(u Use) bool { return slices.Contains(r.filled, u.Environment) })
	r.uses, r.filled, r.scope, r.everywhere = nil, nil, plan.Scope{}, false
	return uses
}

func (r *Reader) command(c command) {
	if c = c.unwrapped(); len(c.words) == 0 || r.readScript(c) {
		return
	}
	r.enter(c)
	r.nodeCommand(c)
	r.pythonCommand(c)
}

// use records that a command uses an environment.
func (r *Reader) use(stack, dir, why string) {
	e := plan.Environment{Stack: stack, Dir: dir}
	if !slices.ContainsFunc(r.uses, func(u Use) bool { return u.Environment == e }) {
		r.uses = append(r.uses, Use{e, why})
	}
}

// fill records that a command fills an environment.
func (r *Reader) fill(stack, dir string) {
	r.filled = append(r.filled, plan.Environment{Stack: stack, Dir: dir})
}

// upwards calls f for a folder and those above it in the project, until it returns true.
func upwards(dir string, f func(dir string) bool) {
	for ; !f(dir) && dir != "."; dir = path.Dir(dir) {
	}
}
