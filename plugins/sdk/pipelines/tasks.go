package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// follow adds the commands of the tasks, scripts and hooks of the project that a command runs, each once for a job.
func (r *pipelineReader) follow(c recipes.Command) {
	if c.Dir != ".." && r.toolScripts(c) { // "pdm run" is nothing around another program where the name is a script
		return
	}
	c.Words = plain(c.Words)
	switch program := path.Base(c.Words[0]); {
	case c.Dir == "..":
	case strings.HasPrefix(program, "nix"):
		r.nix(c)
	case program == "make" || program == "gmake":
		r.recipesIn(c, makeKind)
	case program == "just":
		r.recipesIn(c, justKind)
	case program == "task" || program == "go-task":
		r.eachName(c, r.taskfile)
	case (program == "pre-commit" || program == "prek") && !slices.Contains(c.Words, "--hook-stage"):
		r.hooks()
	case isShell(program) && len(c.Words) > 1:
		r.shell(c)
	case strings.Contains(c.Words[0], "/"):
		r.scriptFile(c.Dir, c.Words[0], false)
	case program == "cargo":
		r.cargoAlias(c)
	case program == "tox" || program == "nox":
		r.sessions(c)
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

// once reports whether a task of the job has not been read yet.
func (r *pipelineReader) once(name string) bool {
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
		r.script(c.Dir, text, c.Env...)
		return
	}
	r.scriptFile(c.Dir, scriptOf(c.Words), true)
}

// scriptFile adds the commands of a script of the project, if a shell runs it.
func (r *pipelineReader) scriptFile(dir, name string, shell bool) {
	file := path.Join(dir, name)
	if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "$`*?") || strings.HasPrefix(file, "..") {
		return
	}
	text, ok := r.files.Read(file)
	if ok && len(text) < maxPipeline && !strings.Contains(text, "\x00") && (shell || recipes.IsShellScript(name, text)) && r.once(file) {
		r.script(dir, text)
	}
}

// eachName calls f for each task that a command names, or for the default one.
func (r *pipelineReader) eachName(c recipes.Command, f func(dir, name string)) {
	dir, names := c.Dir, []string{}
	for i := 1; i < len(c.Words); i++ {
		switch w := c.Words[i]; {
		case (w == "-C" || w == "--dir" || w == "-d") && i+1 < len(c.Words):
			i++
			dir = path.Join(dir, c.Words[i])
		case !strings.HasPrefix(w, "-") && !strings.Contains(w, "="):
			names = append(names, w)
		}
	}
	if len(names) == 0 {
		names = []string{""}
	}
	for _, name := range names {
		f(dir, name)
	}
}

// goTaskNames are the names of files of Task.
var goTaskNames = []string{"Taskfile.yml", "Taskfile.yaml", "taskfile.yml", "Taskfile.dist.yml"}

// taskfile adds the commands of a task of Task.
func (r *pipelineReader) taskfile(dir, name string) {
	if name == "" {
		name = "default"
	}
	if !r.once("task " + dir + " " + name) {
		return
	}
	for _, file := range goTaskNames {
		root := r.yaml(path.Join(dir, file))
		task := root.Get("tasks").Get(name)
		if first, rest, ok := strings.Cut(name, ":"); ok && task == nil {
			r.taskfileIncluded(dir, root.Get("includes").Get(first), rest)
		}
		for _, dep := range append(task.Get("deps").Items(), task.Get("cmds").Items()...) {
			if other := firstWords(dep, "task"); other != "" {
				r.taskfile(dir, other)
			}
		}
		for _, dep := range task.Get("deps").Items() {
			r.taskfile(dir, dep.Text())
		}
		for _, cmd := range task.Get("cmds").Items() {
			r.script(path.Join(dir, task.Get("dir").Text()), cmd.Text()+"\n"+cmd.Get("cmd").Text())
		}
		if task != nil {
			r.script(dir, task.Text()+"\n"+task.Get("cmd").Text())
		}
	}
}

// taskfileIncluded adds the commands of a task of a Taskfile that another one includes, by its folder.
func (r *pipelineReader) taskfileIncluded(dir string, include *yaml.Node, name string) {
	in := include.Text()
	if in == "" {
		in = include.Get("taskfile").Text()
	}
	if path.Ext(in) != "" {
		in = path.Dir(in)
	}
	if in != "" && in != "." {
		r.taskfile(path.Join(dir, in), name)
	}
}

// A recipeKind is a tool that runs recipes of a file: its files, of which the first counts, and the marks around variables.
type recipeKind struct {
	tool      string
	files     []string
	open, end string
}

var (
	makeKind = recipeKind{"make", []string{"GNUmakefile", "makefile", "Makefile"}, "$(", ")"}
	justKind = recipeKind{"just", []string{"justfile", "Justfile", ".justfile"}, "{{", "}}"}
)

// recipesIn adds the commands of the recipes that a command names.
func (r *pipelineReader) recipesIn(c recipes.Command, kind recipeKind) {
	r.eachName(c, func(dir, name string) {
		if _, t := r.recipes(dir, kind); t != nil {
			r.named(kind.tool, dir, name, t)
			return
		}
		r.unread(strings.Join(c.Words, " "), "has no "+kind.files[len(kind.files)-1]+" in its folder")
	})
}

// recipes returns the name of the file with recipes in a folder, and what it has, which is read once; nil if there is none.
func (r *pipelineReader) recipes(dir string, kind recipeKind) (string, *taskText) {
	for _, name := range kind.files {
		file := path.Join(dir, name)
		if t, known := r.parsed[file].(*taskText); known {
			return name, t
		}
		if text, ok := r.files.Read(file); ok && len(text) < maxPipeline {
			t := parseRecipes(text, kind.open, kind.end)
			r.parsed[file] = t
			return name, t
		}
	}
	return "", nil
}

// named adds the commands of a recipe that a command names. One that is not there may be in a file that is included.
func (r *pipelineReader) named(tool, dir, name string, t *taskText) {
	if name != "" && t.tasks[name] == nil {
		r.unread(tool+" "+name, isMissing)
	}
	r.recipe(tool, dir, name, t)
}

// recipe adds the commands of a recipe and of those that it depends on; of the first one, if the name is "".
func (r *pipelineReader) recipe(tool, dir, name string, t *taskText) {
	if name == "" {
		name = t.first
	}
	found, ok := t.tasks[name]
	if !ok && t.includes {
		r.unread(tool+" "+name, isMissing)
	}
	if !ok || !r.once(tool+" "+dir+" "+name) {
		return
	}
	for _, need := range found.needs {
		r.recipe(tool, dir, need, t)
	}
	r.script(dir, strings.Join(found.lines, "\n"))
}

// A taskText is a Makefile or justfile: its recipes by name.
type taskText struct {
	first    string
	tasks    map[string]*task
	includes bool // other files have more
	phony    map[string]bool
	head     string // of the text
}

type task struct{ needs, lines []string }

var (
	assignment = compiled(`^(?:export +)?([\w.-]+)\s*(?:[:?+]|::)?=\s*(.*)$`)
	rule       = compiled(`^@?([\w./ -]+?)(?: +[\w*+$]+=?['"\w.]*)*\s*::?(?:\s+(.*))?$`)
)

// parseRecipes parses the parts of a Makefile or justfile that most have: variables, and recipes with what they depend
// on. A variable is replaced in the recipes by its text, between the marks given.
func parseRecipes(text, open, end string) *taskText {
	t, current := &taskText{tasks: map[string]*task{}, phony: map[string]bool{}, head: text[:min(len(text), 400)]}, (*task)(nil)
	variables := map[string]string{}
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", " ")) {
		line = strings.TrimRight(line, "\r\n")
		switch plain := strings.TrimSpace(line); {
		case plain == "" || strings.HasPrefix(line, "#"):
		case line[0] == '\t' || line[0] == ' ':
			if current != nil {
				current.lines = append(current.lines, replaceVariables(plain, open, end, variables))
			}
		case assignment().MatchString(line):
			m := assignment().FindStringSubmatch(line)
			if variables[m[1]] = strings.Trim(m[2], `"'`); strings.Contains(m[2], "$(shell") {
				delete(variables, m[1]) // it is computed
			}
		case strings.HasPrefix(line, "include ") || strings.HasPrefix(line, "-include ") || strings.HasPrefix(line, "import "):
			t.includes, current = true, nil
		default:
			current = t.begin(line)
		}
	}
	return t
}

// begin adds the recipe that a line begins, if it begins one.
func (t *taskText) begin(line string) *task {
	line, _, _ = strings.Cut(line, "#")
	if names, ok := strings.CutPrefix(line, ".PHONY:"); ok {
		for _, name := range strings.Fields(names) {
			t.phony[name] = true
		}
		return nil
	}
	m := rule().FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	needs, current := m[2], &task{}
	for _, name := range strings.Fields(m[1]) {
		if strings.HasPrefix(name, ".") {
			continue
		}
		if known := t.tasks[name]; known != nil {
			current = known
		}
		t.tasks[name] = current
		if t.first == "" {
			t.first = name
		}
	}
	current.needs = append(current.needs, strings.Fields(strings.NewReplacer("(", " ", ")", " ", "&&", " ").Replace(needs))...)
	return current
}

// usualVariables are the programs that variables of these names are, where their values are not known.
var usualVariables = strings.NewReplacer("$(MAKE)", "make", "${MAKE}", "make", "$(PYTHON)", "python", "${PYTHON}", "python", "$(GO)", "go",
	"${GO}", "go", "$(CARGO)", "cargo", "${CARGO}", "cargo", "$(NPM)", "npm", "$(UV)", "uv")

// replaceVariables replaces variables by their texts, which may have others in them.
func replaceVariables(line, open, end string, variables map[string]string) string {
	for range 3 {
		before := line
		for _, name := range slices.Sorted(maps.Keys(variables)) {
			value := variables[name]
			line = strings.ReplaceAll(line, open+name+end, value)
			line = strings.ReplaceAll(line, open+" "+name+" "+end, value)
			if open == "$(" {
				line = strings.ReplaceAll(line, "${"+name+"}", value)
			}
		}
		if line == before || len(line) > 4096 {
			break
		}
	}
	return usualVariables.Replace(line)
}

// hooks adds the commands of the hooks of pre-commit: the command of a local one, else its name.
func (r *pipelineReader) hooks() {
	root := r.yaml(".pre-commit-config.yaml")
	if root == nil || !r.once("pre-commit") {
		return
	}
	for _, repo := range root.Get("repos").Items() {
		for _, hook := range repo.Get("hooks").Items() {
			r.script(".", firstWords(hook, "entry", "id")+" "+strings.Join(hook.Get("args").List(), " "))
		}
	}
}
