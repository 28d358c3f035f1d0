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

// An Unread is a command, or a workflow of another repository, and the file of the pipeline that calls it.
type Unread struct{ What, File string }

// Hidden reports whether the pipelines may run other commands than the calls.
func (p *Pipeline) Hidden() bool { return len(p.Unread) > 0 }

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
	// Compared says that the pipeline then asks git whether it changed a file: "go generate ./..." is a check so.
	Compared bool
}

// Files are the files of a project.
type Files = recipes.Files

// Read reads the pipelines of a project. Where none has a job for Linux, those for other systems count.
func Read(files Files) *Pipeline { return newReader(files).pipeline() }

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
	for _, name := range unreadable {
		if _, ok := r.files.Read(name); ok {
			r.file = name
			r.unread(name)
		}
	}
	for _, name := range pipelineFiles(r.files) {
		text, ok := r.files.Read(name)
		if !ok || len(text) > maxPipeline {
			continue
		}
		r.out.Files, r.file = append(r.out.Files, name), name
		if root := yaml.Parse(text); strings.Contains(name, "/workflows/") {
			r.workflow(root)
		} else {
			r.job = nil
			r.included(root.Get("include"))
			r.service(root, 0)
		}
	}
}

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

// unreadable are pipelines in forms that are not read.
var unreadable = []string{"Jenkinsfile", ".buildkite/pipeline.yml", "cloudbuild.yaml", "buildspec.yml", ".semaphore/semaphore.yml"}

// pipelineFiles returns the files of the pipelines of the usual services.
func pipelineFiles(files Files) (names []string) {
	for _, dir := range []string{".github/workflows", ".gitea/workflows", ".forgejo/workflows", ".woodpecker"} {
		for _, name := range files.List(dir) {
			if ext := path.Ext(name); ext == ".yml" || ext == ".yaml" {
				names = append(names, dir+"/"+name)
			}
		}
	}
	return append(names, ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml",
		".travis.yml", ".woodpecker.yml", ".drone.yml", ".cirrus.yml", ".builds/ci.yml", ".build.yml",
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
	scripts map[string]map[string]string // of each package.json, by its folder; nil if they are not read

	parsed map[string]any // task files by their paths: *taskText, *yaml.Node, tables of TOML, ini.File

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

// script adds the commands of a script, and those of the tasks that they call.
func (r *pipelineReader) script(dir, text string, env ...string) {
	last := -1
	for _, c := range recipes.Commands(dir, text) {
		if last >= 0 && comparesWithGit(c.Words) {
			r.out.Calls[last].Compared = true
		}
		c.Env = append(slices.Clone(env), c.Env...)
		at := len(r.out.Calls)
		r.out.Calls = append(r.out.Calls, Call{Command: c, File: r.file, Job: r.job})
		if c.WorksOnCode() {
			last = at
		}
		r.again = false
		r.follow(c)
		inner := len(r.out.Calls) - at - 1
		r.out.Calls[at].Inner, r.out.Calls[at].Opened = inner, r.again || inner > 0
		if isHidden(plain(c.Words)) && !r.out.Calls[at].Opened {
			r.unread(strings.Join(plain(c.Words), " "))
		}
	}
}

// comparesWithGit reports whether a command fails if a file differs from what git has.
func comparesWithGit(words []string) bool {
	return len(words) > 2 && words[0] == "git" && (words[1] == "diff" && slices.Contains(words, "--exit-code") ||
		words[1] == "status" && slices.Contains(words, "--porcelain"))
}

// unread records what was not read.
func (r *pipelineReader) unread(what string) {
	if one := (Unread{what, r.file}); !slices.Contains(r.out.Unread, one) {
		r.out.Unread = append(r.out.Unread, one)
	}
}

// hiding are programs that run commands which are not read.
var hiding = []string{"nix", "nix-build", "nix-shell", "earthly", "dagger", "bazel", "bazelisk", "mage", "buck2", "pants",
	"please", "act", "cargo-make", "tox", "nox", "invoke", "rake"}

// MayRunOthers reports whether a command runs a program or script that is not known, or that runs commands which were not
// read.
func (c Call) MayRunOthers() bool {
	words := plain(c.Words)
	return isHidden(words) || isInterpreter(path.Base(words[0])) || strings.ContainsAny(words[0], "/$") || slices.Contains(taskRunners, path.Base(words[0]))
}

// isHidden reports whether a command may run any other.
func isHidden(words []string) bool {
	if len(words) > 1 && words[0] == "cargo" {
		return slices.Contains([]string{"xtask", "make", "dev", "ci"}, words[1]) || slices.Contains(words, "xtask")
	}
	return slices.Contains(hiding, path.Base(words[0]))
}

// scriptKeys are the keys of commands in the files of the services other than GitHub.
var scriptKeys = []string{"before_script", "script", "after_success", "install", "run", "command", "commands", "bash",
	"test_script", "build_script", "check_script", "lint_script", "clippy_script", "fmt_script", "tasks"}

// service adds the commands of a file of any service: the values of the keys that hold commands.
func (r *pipelineReader) service(n *yaml.Node, depth int) {
	if depth > 12 {
		return
	}
	for _, c := range n.Entries() {
		if slices.Contains(scriptKeys, c.Key) {
			r.script(".", strings.Join(append([]string{c.Text()}, itemTexts(c)...), "\n"))
		}
		r.service(c, depth+1)
	}
}

// included adds the commands of the files that a file of GitLab includes.
func (r *pipelineReader) included(n *yaml.Node) {
	for _, item := range append([]*yaml.Node{n}, n.Items()...) {
		for _, elsewhere := range []string{"project", "remote", "component"} {
			if of := item.Get(elsewhere).Text(); of != "" {
				r.unread("include: " + of)
			}
		}
		for _, name := range append(item.Get("local").List(), item.Text()) {
			name = strings.TrimPrefix(name, "/")
			if text, ok := r.files.Read(path.Clean(name)); ok && name != "" && len(text) < maxPipeline && r.once("include "+name) {
				root := yaml.Parse(text)
				r.included(root.Get("include"))
				r.service(root, 0)
			}
		}
	}
}

// itemTexts returns the texts of the items of a list.
func itemTexts(n *yaml.Node) (all []string) {
	for _, item := range n.Items() {
		all = append(all, item.Text())
	}
	return all
}

// compiled returns a function that compiles an expression when it is called first: most projects need none.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}
