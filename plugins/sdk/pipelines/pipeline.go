// Package pipelines reads what the pipelines of a project run: the files of services such as GitHub Actions, as text.
package pipelines

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// A Pipeline is what the pipelines of a project run for a change: the commands in the files of the usual services,
// in the tasks and scripts of the project that these call, and in the hooks of pre-commit. Jobs that run for another
// system only, or at certain times only, are not among them, nor is what may fail. Nothing is executed; a command
// that a program computes is not found.
type Pipeline struct {
	Files []string // ".github/workflows/ci.yml"
	Calls []Call   // in the order of the files
	// Unread is what they call that was not read, and may run any command: a workflow of another repository, a target of
	// a Makefile that is not there, a build system of its own.
	Unread []Unread
}

// A Call is a command that a pipeline runs.
type Call struct {
	recipes.Command
	// File is that of the pipeline, also for a command of a script that it calls.
	File string
	// Job has all values of the job that the command is in: names of images, toolchains.
	Job []string
	// Opened says that the command runs a task or script of the project that was read. The commands of it are the next
	// Inner calls, unless an earlier command of the job runs the same.
	Opened bool
	Inner  int
	// Members are the folders of the members of a workspace whose scripts the command runs.
	Members []string
	// Compared says that the pipeline then asks git whether it changed a file: "go generate ./..." is a check so.
	Compared bool
	// Own is how many of the last variables are set for the command or its step, and not for all of a job.
	Own int
	// When says when the command runs, if a change of the code alone is no reason: "schedule", "manual". See ReadTimed.
	When string
	// Step is the name of the step of GitHub that the command is in, and In that of the job, with its stage.
	Step, In string
	// Options are those of the project that the command of CMake or Meson turns on: "-DSLOW=ON".
	Options []string
	// Script is the text of the script that the command is in.
	Script string
	shell  recipes.Shell // that runs it
	at     int           // its index among the commands of the script
	// Decides is the kind of the check that the command is by itself, with no tool that is known, or "". See Judge. Negated
	// says that the check fails if the command succeeds.
	Decides string
	Negated bool
}

// Files are the files of a project.
type Files = recipes.Files

// Read reads the pipelines of a project. Where none has a job for Linux, those for other systems count.
func Read(files Files) *Pipeline { return newReader(files).pipeline() }

// ReadTimed reads what runs only at certain times, or by hand, which is no check of each change.
func ReadTimed(files Files) *Pipeline {
	r := newReader(files)
	r.timed = true
	return r.pipeline()
}

// ReadWithoutScripts reads the pipelines without the scripts of package.json that they call.
func ReadWithoutScripts(files Files) *Pipeline {
	r := newReader(files)
	r.scripts = nil
	return r.pipeline()
}

func (r *pipelineReader) pipeline() *Pipeline {
	if r.read(); len(r.out.Calls) == 0 && r.passedOver {
		r.out, r.seen, r.anySystem = Pipeline{}, map[string]bool{}, true
		r.read()
	}
	return &r.out
}

func (r *pipelineReader) read() {
	for _, f := range forms {
		if r.timed || f.kind != usual {
			continue
		}
		if _, ok := r.files.Read(f.pattern); ok {
			r.file = f.pattern
			r.unread(f.pattern, "has a form that davit does not read")
		}
	}
	roots := r.parse()
	changes, times := workflowsFor(r.out.Files, roots)
	for i, name := range r.out.Files {
		r.file = name
		switch {
		case !strings.Contains(name, "/workflows/"):
			r.job, r.when = nil, ""
			r.serviceFile(name, roots[i])
		case changes[name] != "":
			r.ownWorkflow(roots[i], "")
		case times[name] != "":
			r.ownWorkflow(roots[i], times[name])
		}
	}
}

// ownWorkflow reads a workflow of GitHub that runs by itself.
func (r *pipelineReader) ownWorkflow(root *yaml.Node, when string) {
	r.withInputs(root, ownInputs(root.Get("on")), func(root *yaml.Node) { r.workflow(root, when) })
}

// parse parses the files of the pipelines.
func (r *pipelineReader) parse() (roots []*yaml.Node) {
	for _, name := range pipelineFiles(r.files) {
		if text, ok := r.files.Read(name); ok && len(text) < maxPipeline && !strings.HasPrefix(text, written) {
			if strings.HasPrefix(name, ".circleci/") {
				text = circleExpression().ReplaceAllString(text, "${{ $1 }}")
			}
			r.out.Files, roots = append(r.out.Files, name), append(roots, yaml.Parse(text))
		}
	}
	return roots
}

// written is how a pipeline begins that davit has written: it runs what davit runs.
const written = "# davit ci "

// circleExpression matches an expression of CircleCI, which the readers know in the form of GitHub: << parameters.tags >>.
var circleExpression = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<<\s*([\w.-]+)\s*>>`) })

// maxPipeline is the size in bytes of the largest file of a pipeline, task file or script that is read.
const maxPipeline = 1 << 18

// Runs reports whether a command of the pipelines meets a condition.
func (p *Pipeline) Runs(is func(Call) bool) bool { return slices.ContainsFunc(p.Calls, is) }

// Program returns the name of the program of a command: "clippy" for "./bin/clippy".
func (c Call) Program() string { return path.Base(c.Words[0]) }

// Mentions reports whether the job of a call has a value with a text in it.
func (c Call) Mentions(text string) bool {
	return slices.ContainsFunc(c.Job, func(v string) bool { return strings.Contains(v, text) })
}

// pipelineFiles returns the files of the pipelines of the usual services.
func pipelineFiles(files Files) (names []string) {
	for _, dir := range []string{".github/workflows", ".gitea/workflows", ".forgejo/workflows", ".woodpecker", ".builds"} {
		for _, name := range files.List(dir) {
			if ext := path.Ext(name); ext == ".yml" || ext == ".yaml" {
				names = append(names, dir+"/"+name)
			}
		}
	}
	return append(names, ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", "azure-pipelines.yaml", "bitbucket-pipelines.yml",
		".travis.yml", ".woodpecker.yml", ".drone.yml", ".cirrus.yml", ".build.yml",
		"appveyor.yml", ".appveyor.yml")
}

// Follow returns the commands of a script that runs in a folder of the project, and those of the tasks and scripts of the
// project that they call.
func Follow(files Files, dir, script string) []Call {
	r := newReader(files)
	r.script(dir, script)
	return r.out.Calls
}

// A pipelineReader is the state of Read.
type pipelineReader struct {
	files   Files
	out     Pipeline
	file    string
	job     []string
	seen    map[string]bool              // the tasks and scripts that were read for this job
	again   bool                         // the last command runs one of them
	env     []string                     // the variables of the command whose task or script is read
	own     int                          // how many of them are its own
	given   []string                     // the variables that it gives its tasks
	scripts map[string]map[string]string // of each package.json, by its folder; nil if they are not read

	parsed map[string]any // task files by their paths: *taskText, *yaml.Node, tables of TOML, ini.File
	timed  bool           // only what runs at certain times or by hand is read
	when   string         // the job that is read runs then
	before string         // the commands before those of each job of GitLab
	at     string         // the file of Azure that is read, to which the names of templates are relative
	orbs   []string       // the orbs of CircleCI
	nested int            // how many files that others include or call are being read
	inputs inputs         // of the workflow or action that is read
	step   string         // the name of the step of GitHub that is read
	in     string         // that of the job

	worked  []int // the calls that work on code, of the script that is read, or of the job by then
	inSteps bool  // the scripts of steps are read, which follow each other
	opened  int   // how many tasks and scripts that others call are being read

	anySystem, passedOver bool // jobs for other systems than Linux count, or were passed over
}

func newReader(files Files) *pipelineReader {
	return &pipelineReader{files: files, seen: map[string]bool{}, scripts: map[string]map[string]string{}, parsed: map[string]any{}}
}

// parsedFile returns what a task file has, which is read once; the zero value if it is not there.
func parsedFile[T any](r *pipelineReader, file string, parse func(text string) T) (found T) {
	if known, ok := r.parsed[file].(T); ok {
		return known
	}
	if text, ok := r.files.Read(file); ok && len(text) < maxPipeline {
		found = parse(text)
	}
	r.parsed[file] = found
	return found
}

func (r *pipelineReader) yaml(file string) *yaml.Node { return parsedFile(r, file, yaml.Parse) }

func (r *pipelineReader) toml(file string) map[string]any {
	return parsedFile(r, file, func(text string) map[string]any {
		table, _ := toml.Parse(text) // the tool reports a fault
		return table
	})
}

// script adds the commands of a script that "sh -e" runs, and those of the tasks that they call.
func (r *pipelineReader) script(dir, text string) { r.scriptIn(recipes.Errexit, dir, text) }

// scriptIn adds the commands of a script that a shell runs.
func (r *pipelineReader) scriptIn(shell recipes.Shell, dir, text string) {
	if outer := r.worked; !r.inSteps || r.opened > 0 {
		defer func() { r.worked = outer }()
		r.worked = nil
	}
	text = r.withFileVariables(dir, r.withLines(dir, r.withFiles(dir, text)))
	set := []string(nil)
	for i, c := range recipes.CommandsOf(shell, dir, text) {
		if comparesWithGit(c.Words) && !strings.Contains(text, "git commit") {
			r.compared()
		}
		set = append(set, exportedBy(c.Words)...)
		own := r.own + len(set) + len(c.Env)
		c.Env = slices.Concat(r.env, set, c.Env)
		at := len(r.out.Calls)
		r.out.Calls = append(r.out.Calls, Call{Command: c, File: r.file, Job: r.job, When: r.when, Own: own, Step: r.step, In: r.in,
			Script: text, shell: shell, at: i, Options: append(r.optionsOfCMake(c.Words), r.optionsOfMeson(c.Words)...)})
		if c.WorksOnCode() {
			r.worked = append(r.worked, at)
		}
		r.again = false
		if ignoresErrors(c.Words) {
			c.Ignored = recipes.FailureIgnored
		}
		passed := assignedIn(c.Words)
		r.inside(append(c.Env[:len(c.Env):len(c.Env)], passed...), own+len(passed), func() {
			r.opened++
			r.follow(c)
			r.opened--
		})
		r.passOn(at)
		inner := len(r.out.Calls) - at - 1
		r.out.Calls[at].Inner, r.out.Calls[at].Opened = inner, r.again || inner > 0
		r.hides(r.out.Calls[at])
	}
}

// passOn says of the commands that a command runs what is known of it: that its failure is none, or that it may not run.
func (r *pipelineReader) passOn(at int) {
	c := r.out.Calls[at]
	for i := at + 1; i < len(r.out.Calls); i++ {
		inner := &r.out.Calls[i]
		inner.Ignored = firstOf(inner.Ignored, c.Ignored)
		inner.Hidden = firstOf(inner.Hidden, c.Hidden)
		inner.Condition = firstOf(inner.Condition, c.Condition)
	}
}

// firstOf returns the first of two texts that is not empty.
func firstOf(one, other string) string {
	if one == "" {
		return other
	}
	return one
}

// inside reads something with variables, of which the last ones are set for it alone.
func (r *pipelineReader) inside(env []string, own int, read func()) {
	outer, outerOwn := r.env, r.own
	r.env, r.own = env, own
	read()
	r.env, r.own = outer, outerOwn
}

// compared marks the last command that may have changed files, and that is no check or install, as one whose result is
// compared with what git has.
func (r *pipelineReader) compared() {
	for i := len(r.worked) - 1; i >= 0; i-- {
		c := &r.out.Calls[r.worked[i]]
		if c.kind() == "" && c.changesFiles() {
			c.Compared = true
		}
		if c.Compared {
			return
		}
	}
}

// changesFiles reports whether a command may change files that git has: neither an install nor a compiler does.
func (c Call) changesFiles() bool {
	return c.Words[0] != "mktemp" && !slices.ContainsFunc(c.Does(), func(one string) bool {
		return one == "go build" || one == "cargo build" || NameHas(one, installing)
	})
}

// installing are words in the names of commands and tasks that install something.
var installing = []string{"ci", "install", "i", "download", "restore", "deps"}

// comparesWithGit reports whether a command says that a file differs from what git has.
func comparesWithGit(words []string) bool {
	return len(words) > 2 && words[0] == "git" && (strings.HasPrefix(words[1], "diff") && (slices.Contains(words, "--exit-code") || slices.Contains(words, "--quiet")) ||
		words[1] == "status" && slices.ContainsFunc(words, func(w string) bool { return w == "--porcelain" || w == "-s" || w == "--short" }))
}

// compiled returns a function that compiles an expression when it is called first: most projects need none.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
