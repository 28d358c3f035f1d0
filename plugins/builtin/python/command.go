package python

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// A command is one command that the automation of a project calls: a task, or a line of a pipeline.
type command struct {
	// words begin with the program, without what only starts it: of "uv run python -m pytest -q" they are
	// "pytest -q".
	words []string
	dir   string // that it runs in, relative to the root of the repository
	file  string // that names it, relative to the root of the repository
	task  *task  // that it belongs to, nil for a line of a pipeline
	job   string // of the pipeline that leads to it
	// options are those of uv, if that starts it, behind "run" as the first: "uv run --no-dev pytest".
	options []string
}

// source says where the command is called: "tox.ini", "the session tests of noxfile.py".
func (c command) source() string {
	if c.task == nil {
		return c.file
	}
	return c.task.source()
}

// calls reports whether the command begins with these words.
func (c command) calls(words ...string) bool {
	return len(c.words) >= len(words) && slices.Equal(c.words[:len(words)], words)
}

// expansion follows a script to the commands that it calls, through the tasks that it names.
type expansion struct {
	*project
	seen     map[string]bool // the tasks that were followed, by their source
	commands []command
	job      string // of the pipeline
}

// commandsOf returns the commands that a script calls.
func (pr *project) commandsOf(script, dir, file string, of *task) []command {
	x := &expansion{project: pr, seen: map[string]bool{}}
	x.script(script, dir, file, of)
	return x.commands
}

func (x *expansion) script(script, dir, file string, of *task) {
	values := valuesIn(script)
	if of != nil {
		maps.Copy(values, of.values)
	}
	for _, c := range recipes.Commands(dir, withoutIgnored(script)) {
		if i := slices.IndexFunc(c.Words, redirection().MatchString); i >= 0 {
			c.Words = c.Words[:i]
		}
		if words := replaced(c.Words, values); len(words) > 0 {
			x.command(command{words: words, dir: c.Dir, file: file, task: of, job: x.job})
		}
	}
}

// valuesIn returns the variables that lines of a script set to values that are known.
func valuesIn(script string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(script) {
		words := splitWords(line)
		if first(words) == "export" {
			words = words[1:]
		}
		for _, word := range words {
			name, value, _ := strings.Cut(word, "=")
			if !isAssignment(word) {
				break
			}
			if isKnown(value) {
				values[name] = value
			}
		}
	}
	return values
}

// replaced returns words with the values of variables that are known. One that is a word of its own may be several.
func replaced(words []string, values map[string]string) (out []string) {
	for _, word := range words {
		if !strings.Contains(word, "$") {
			out = append(out, word)
			continue
		}
		text := variable().ReplaceAllStringFunc(word, func(v string) string {
			if value, ok := values[strings.Trim(v, "${}")]; ok {
				return value
			}
			return v
		})
		if text != word {
			out = append(out, strings.Fields(text)...)
		} else {
			out = append(out, word)
		}
	}
	return out
}

// variable matches a variable of a shell.
var variable = lazyRegexp(`\$\{\w+\}|\$\w+`)

// lazyRegexp is that of the SDK.
var lazyRegexp = sdk.LazyRegexp

// redirection matches a word with which the arguments of a command end: "> log", "2>&1".
var redirection = lazyRegexp(`^\d*[<>]`)

// command follows a command if it calls tasks, and records it if it does not.
func (x *expansion) command(c command) {
	for len(c.words) > 0 {
		if tasks, ok := x.tasksCalled(c); ok {
			for _, t := range tasks {
				x.follow(t)
			}
			return
		}
		next := unwrapped(c.words)
		if slices.Equal(next, c.words) {
			x.commands = append(x.commands, c)
			return
		}
		if programOf(c.words[0]) == string(uv) && len(c.words) > 1 && c.words[1] == "run" {
			c.options = c.words[1 : len(c.words)-len(withoutOptions(c.words[2:], runOptions...))]
		}
		c.words = next
	}
}

// maxTasks is how many tasks a script is followed to: enough for any project, and an end for those that a
// fault makes endless.
const maxTasks = 60

func (x *expansion) follow(t *task) {
	if key := t.file + "\x00" + t.runner + "\x00" + t.name; !x.seen[key] && len(x.seen) < maxTasks {
		x.seen[key] = true
		x.script(t.script, t.dir, t.file, t)
	}
}

// withoutIgnored returns a script without the lines whose failure is ignored.
func withoutIgnored(script string) string {
	lines := strings.Split(strings.ReplaceAll(script, "\\\n", " "), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool {
		return strings.Contains(line, "||") || strings.HasPrefix(strings.TrimSpace(line), "- ")
	})
	return strings.Join(lines, "\n")
}

// unwrapped returns the words of a command without what starts it, one layer of it: variables, words of the shell,
// the manager of the environment, the interpreter, the measurement of coverage.
func unwrapped(words []string) []string {
	program, rest := programOf(words[0]), words[1:]
	switch {
	case strings.HasSuffix(program, ".py"):
		return append([]string{"python", path.Clean(words[0])}, rest...)
	case program == "" || isAssignment(program) || slices.Contains(starters, program):
		return rest
	case program == "xvfb-run":
		return withoutOptions(rest, "-s", "-n", "--server-args", "--server-num")
	case program == "uvx", program == "pipx" && first(rest) == "run", program == "uv" && first(rest) == "tool":
		return tool(withoutOptions(rest[countOf(rest, "tool", "run"):], toolOptions...))
	case slices.Contains(runners, program) && first(rest) == "run":
		return run(rest[1:])
	case isInterpreter(program):
		return moduleOf(rest, "-W", "-X")
	case program == "coverage" && first(rest) == "run":
		return moduleOf(rest[1:], coverageOptions...)
	}
	return append([]string{program}, rest...)
}

// starters are programs and words of the shell that run the command behind them.
var starters = []string{"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "command",
	"env", "sudo", "nice", "dbus-run-session", "echo-and-run"}

// runners are managers that run a command in the environment of the project.
var runners = []string{"uv", "poetry", "pdm", "pipenv", "rye", "hatch", "pixi"}

// The options of programs that start others which have a value as a word of its own.
var (
	runOptions = []string{"--group", "--extra", "--with", "--python", "-p", "--package", "--env-file", "--only-group",
		"--no-group", "--directory", "--project", "--with-editable", "--with-requirements", "-C", "-P", "-e"}
	toolOptions     = []string{"--from", "--with", "--python", "-p", "--spec", "--pip-args"}
	coverageOptions = []string{"--source", "--omit", "--include", "--rcfile", "--context", "--data-file", "--concurrency"}
)

// run returns the command that a manager runs. "uv run -m" is "python -m".
func run(words []string) []string {
	rest := withoutOptions(words, runOptions...)
	if n := len(words) - len(rest); n > 0 && slices.Contains([]string{"-m", "--module"}, words[n-1]) {
		return append([]string{"python", "-m"}, rest...)
	}
	return rest
}

// tool returns a command without the version of its program: "ruff@0.8.6 check".
func tool(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	name, _, _ := strings.Cut(words[0], "@")
	return append([]string{name}, words[1:]...)
}

// moduleOf returns the command that the arguments of an interpreter stand for: "-m MODULE", or a file of Python. The
// options that are named have a value.
func moduleOf(args []string, values ...string) []string {
	rest := withoutOptions(args, values...)
	options := args[:len(args)-len(rest)]
	if len(rest) == 0 || slices.Contains(options, "-c") || !slices.Contains(options, "-m") {
		return append([]string{"python"}, rest...)
	}
	return append([]string{strings.ReplaceAll(rest[0], "_", "-")}, rest[1:]...)
}

// withoutOptions returns the words behind the options in front. Those that are named have a value.
func withoutOptions(words []string, values ...string) []string {
	unknown := func() bool { // one that may be an option, too
		return len(words) > 1 && strings.HasPrefix(words[0], "$") && strings.HasPrefix(words[1], "-")
	}
	for len(words) > 0 && (strings.HasPrefix(words[0], "-") && words[0] != "-" || unknown()) {
		skip := 1
		if slices.Contains(values, words[0]) {
			skip = 2
		}
		if words[0] == "--" {
			return words[1:]
		}
		words = words[min(skip, len(words)):]
	}
	return words
}

// programOf returns the name of a program without its folder, and without the variable that stands for either:
// ".venv/bin/mypy", "$(VENV)/bin/mypy" and "${PREFIX}mypy" are "mypy", "$(PYTHON)" is "python".
func programOf(word string) string {
	if found := variableWord().FindStringSubmatch(word); found != nil {
		return programNamed(strings.ToLower(found[1]))
	}
	if i := strings.LastIndexAny(word, "/})"); !isAssignment(word) {
		word = word[i+1:]
	}
	return strings.TrimLeft(word, "@+")
}

// variableWord matches a word that is a variable of a shell, of make or of tox.
var variableWord = lazyRegexp(`^@?(?:\$\(|\$\{|\$|\{)(\w+)[)}]?$`)

// programNamed returns the program that a variable stands for by its name.
func programNamed(variable string) string {
	switch {
	case strings.Contains(variable, "python") || variable == "py":
		return "python"
	case slices.Contains([]string{"uv_run", "poetry_run", "pdm_run"}, variable):
		return ""
	}
	return variable
}

// isInterpreter reports whether a program is Python: "python", "python3.12".
func isInterpreter(program string) bool {
	version, ok := strings.CutPrefix(path.Base(program), "python")
	return ok && strings.Trim(version, "0123456789.") == ""
}

func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && name != "" && identifier(name) == name
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// countOf returns how many of the words in front are among those named.
func countOf(words []string, names ...string) int {
	for i, word := range words {
		if !slices.Contains(names, word) {
			return i
		}
	}
	return len(words)
}

// isKnown reports whether a word has nothing that only the tool that runs it knows.
func isKnown(word string) bool { return !strings.ContainsAny(word, "{}$`") }
