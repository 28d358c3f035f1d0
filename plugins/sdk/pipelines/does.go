package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// taskRunners run tasks of the project by their names.
var taskRunners = []string{"make", "gmake", "just", "task", "go-task", "mage", "invoke", "rake", "poe", "turbo", "nx", "lerna", "moon", "mise",
	"hatch", "pdm", "cargo-make", "gradle", "gradlew", "cargo xtask", "deno", "composer"}

// sameTool has the names of tools that do the same as another one, in the eyes of who asks whether something was checked.
var sameTool = map[string]string{
	"cargo nextest": "cargo test", "cargo llvm-cov": "cargo test", "cargo tarpaulin": "cargo test", "cargo t": "cargo test",
	"gotestsum": "go test", "py.test": "pytest", "unittest": "pytest", "sphinx": "sphinx-build", "rustfmt": "cargo fmt", "go fmt": "gofmt", "prek": "pre-commit",
	"gmake": "make", "go-task": "task", "ruff": "ruff check", "cargo-deny": "cargo deny",
}

// around are programs that run another one: "nyc mocha".
var around = []string{"nyc", "c8", "xvfb-run", "npx", "bunx", "pipx", "uvx", "dotenv", "cross-env", "retry", "with-env", "xargs", "corepack",
	"direnv", "sudo"}

// aroundValues are options with a value of some of them.
var aroundValues = map[string][]string{"xargs": {"-I", "-L", "-P", "-d", "-s", "-E", "-a"}, "sudo": {"-u", "-g"}}

// plain returns the words of a command without programs around it: "pytest -q" of "uv run --frozen pytest -q", "yarn lint" of
// "node .yarn/releases/yarn-4.1.0.cjs lint". A variable that names Python is Python.
func plain(words []string) []string {
	if strings.HasPrefix(words[0], "$") { // few do, and an expression is slow in a plugin
		if rest := prefixVariable().ReplaceAllString(words[0], ""); rest != "" && rest != words[0] {
			words = append([]string{rest}, words[1:]...)
		}
	}
	if base := path.Base(words[0]); base != words[0] && isInstalled(words[0]) && isTool(base) {
		words = append([]string{base}, words[1:]...)
	}
	program, first := path.Base(words[0]), firstArgument(words)
	computed := strings.ContainsAny(words[0], "$") || strings.HasPrefix(words[0], "{{")
	switch {
	case computed && strings.Contains(strings.ToLower(words[0]), "python"):
		return append([]string{"python"}, words[1:]...)
	case strings.HasPrefix(program, "python") && len(words) > 2 && words[1] != "-m" && strings.HasPrefix(words[1], "-"):
		return withoutInterpreterOptions(words)
	case program == "node" && strings.HasPrefix(path.Base(first), "yarn-"):
		return append([]string{"yarn"}, words[slices.Index(words, first)+1:]...)
	case program == "go" && first == "run" && len(words) > 2 && strings.Contains(words[2], "@"),
		program == "go" && first == "tool" && len(words) > 2, program == "uv" && first == "tool" && len(words) > 3:
		at := slices.IndexFunc(words[2:], func(w string) bool { return w != "run" && !strings.HasPrefix(w, "-") })
		if at < 0 {
			return words
		}
		return append([]string{path.Base(unpinned(words[2+at]))}, words[3+at:]...)
	case program == "mise" && (first == "exec" || first == "x") && slices.Contains(words, "--"):
		return afterOptions(words, slices.Index(words, "--")+1)
	case program == "bundle" && first == "exec":
		return afterOptions(words, slices.Index(words, "exec")+1)
	case program == "npm" && first == "exec" && slices.Contains(words, "--"):
		return afterOptions(words, slices.Index(words, "--")+1)
	case slices.Contains([]string{"uv", "poetry", "pdm", "pipenv", "rye"}, program) && first == "run":
		rest := afterOptions(words, slices.Index(words, "run")+1)
		if path.Ext(rest[0]) == ".py" && program == "uv" {
			return append([]string{"python"}, rest...)
		}
		return rest
	case program == "go" && len(words) > 3 && words[1] == "-C":
		return append([]string{"go"}, words[3:]...)
	case program == "cargo" && strings.HasPrefix(first, "+") && len(words) > 2:
		return append([]string{"cargo"}, words[2:]...)
	case slices.Contains(around, program):
		if rest := afterOptions(words, 1); len(rest) < len(words) {
			return append([]string{unpinned(rest[0])}, rest[1:]...)
		}
	}
	return words
}

// withoutInterpreterOptions returns a command of Python that runs a module without options of Python itself:
// "python -m unittest" of "python -W error -m unittest".
func withoutInterpreterOptions(words []string) []string {
	for i, w := range words[1:] {
		switch before := words[i]; {
		case w == "-m":
			return append([]string{words[0]}, words[i+1:]...)
		case w == "-c", !strings.HasPrefix(w, "-") && before != "-W" && before != "-X":
			return words
		}
	}
	return words
}

// isInstalled reports whether a program is called in a folder for programs, of the machine or of dependencies:
// "$(go env GOPATH)/bin/golint", "~/go/bin/errcheck", "node_modules/.bin/eslint".
func isInstalled(program string) bool {
	return slices.Contains([]string{"bin", ".bin"}, path.Base(path.Dir(program))) || strings.ContainsAny(program[:1], "$~/")
}

// isTool reports whether a program is one that is known, by its base name.
func isTool(name string) bool {
	return kindOf()[name] != "" || slices.Contains([]string{"go", "cargo", "python", "python3", "node", "coverage", "hatch", "nox", "tox"}, name) ||
		slices.Contains(packageManagers, name)
}

// unpinned returns the name of a tool without its version: "prettier" of "prettier@3".
func unpinned(name string) string {
	if at := strings.LastIndex(name, "@"); at > 0 {
		return name[:at]
	}
	return name
}

// prefixVariable matches a variable in front of the name of a program: "${PREFIX}ruff".
var prefixVariable = compiled(`^\$(?:\{\w+\}/?|\w+/)`)

// afterOptions returns the words from an index on, without the options in front; all words, if there are no others.
func afterOptions(words []string, from int) []string {
	own := aroundValues[path.Base(words[0])]
	for i := from; i < len(words); i++ {
		switch w := words[i]; {
		case slices.Contains(own, w):
			i++
		case slices.Contains([]string{"--with", "--extra", "--group", "--python", "-p", "--package", "--from", "--directory", "--project", "-n"}, w):
			i++
		case !strings.HasPrefix(w, "-") && w != "run" && w != "exec":
			return plain(words[i:])
		}
	}
	return words
}

// Plain returns the command without programs around it, as one text.
func (c Call) Plain() string {
	return strings.Join(strings.Fields(strings.Join(plain(c.Words), " ")), " ")
}

// PlainWords returns the words of the command without programs around it.
func (c Call) PlainWords() []string { return plain(c.Words) }

// Does returns what a command does, in a form that commands which do the same have in common: "cargo test" of
// "cargo nextest run", "pytest" of "coverage run -m pytest", "script lint" of "pnpm run lint" and of "npm run-script lint",
// "make lint" and "make test" of "make lint test".
func (c Call) Does() []string {
	c.Words = plain(c.Words)
	program := path.Base(c.Words[0])
	switch {
	case program == "coverage" || len(c.Words) > 2 && c.Words[1] == "-m" && c.Words[2] == "coverage":
		return c.underCoverage()
	case slices.Contains(packageManagers, program):
		return c.scriptsRun(program)
	case program == "turbo" || program == "nx" || program == "lerna":
		return c.tasksRun("script")
	case program == "hatch" && c.Words[min(1, len(c.Words)-1)] == "test" && !c.Opened:
		return []string{"pytest"}
	case slices.Contains(taskRunners, program):
		return c.tasksRun(program)
	case (program == "node" || program == "tsx") && slices.Contains(c.Words, "--test"):
		return []string{"node --test"}
	}
	if name := runByNode(c.Words); name != "" {
		return []string{"script " + name}
	}
	if len(c.Options) > 0 {
		return configured(program, c.Options)
	}
	if _, _, ok := inContainer(c.Words); ok {
		return []string{"docker " + strings.Join(c.Words[1:], " ")}
	}
	tool := c.Tool()
	if same, ok := sameTool[tool]; ok {
		tool = same
	}
	if tool == "cargo build" && c.Features() != "" {
		return []string{"cargo check"} // whether it compiles so
	}
	if tool == "go mod" && slices.Contains(c.Words, "verify") {
		return []string{"go mod verify"}
	}
	verb := firstArgument(c.Words[max(0, slices.Index(c.Words, tool)):])
	if isInterpreter(tool) || !strings.Contains(tool, " ") && kindOf()[tool+" "+verb] != "" {
		tool += " " + verb
	}
	return []string{tool + c.selecting(tool)}
}

// configured returns what a command of CMake or Meson does that configures a build with options of the project.
func configured(program string, options []string) (does []string) {
	for _, o := range options {
		does = append(does, program+" "+o)
	}
	return does
}

// selecting returns those options of a test runner that make it run other tests than without them.
func (c Call) selecting(tool string) (options string) {
	for i, w := range c.Words {
		option, _, with := strings.Cut(w, "=")
		switch {
		case tool == "cargo test" && slices.Contains([]string{"--ignored", "--include-ignored", "--run-ignored"}, option):
			return " --ignored"
		case tool == "go test" && (strings.TrimLeft(option, "-") == "bench" || strings.TrimLeft(option, "-") == "fuzz"):
			return " -" + strings.TrimLeft(option, "-")
		case tool == "pytest" && slices.Contains([]string{"--nbmake", "--doctest-modules", "--doctest-glob"}, option):
			options += " " + w
		case tool == "pre-commit" && option == "--hook-stage" && i+1 < len(c.Words):
			return " " + c.Words[i+1]
		case !slices.Contains([]string{"vitest", "jest", "playwright", "mocha", "ava"}, tool):
		case !slices.Contains([]string{"-c", "--config", "--project", "--selectProjects", "--testRegex", "--testMatch"}, option):
		case with:
			options += " " + w
		case i+1 < len(c.Words):
			options += " " + option + "=" + c.Words[i+1]
		}
	}
	return options
}

// underCoverage returns what "coverage run" does: that of the module that it runs.
func (c Call) underCoverage() []string {
	run := slices.Index(c.Words, "run")
	failing := slices.ContainsFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "--fail-under") })
	switch {
	case run < 0 && failing && slices.Contains(c.Words, "report"):
		return []string{"coverage report"}
	case run < 0:
		return nil
	}
	module := slices.Index(c.Words[run:], "-m")
	if module < 0 || run+module+1 >= len(c.Words) {
		script := slices.IndexFunc(c.Words, func(w string) bool { return path.Ext(w) == ".py" })
		return []string{"python " + c.Words[max(script, 0)]}
	}
	return withWords(c, c.Words[run+module+1:]).Does()
}

func withWords(c Call, words []string) Call {
	return Call{Command: recipes.Command{Words: words, Dir: c.Dir, Env: c.Env}, Opened: c.Opened}
}

func isInterpreter(tool string) bool {
	return strings.HasPrefix(tool, "python") || slices.Contains([]string{"node", "tsx", "ts-node", "deno", "ruby", "sh", "bash"}, tool)
}

// firstArgument returns the first word behind the program that is no option, or "".
func firstArgument(words []string) string {
	for _, w := range words[1:] {
		if !strings.HasPrefix(w, "-") {
			return w
		}
	}
	return ""
}

// scriptsRun returns what a package manager runs: scripts, or a program of the dependencies.
func (c Call) scriptsRun(manager string) []string {
	words := withoutMembers(c.Words[1:])
	asked := len(words) > 1 && (words[0] == "run" || words[0] == "run-script")
	if asked {
		words = words[1:]
	}
	switch {
	case len(words) == 0:
		return nil
	case slices.Contains([]string{"exec", "dlx", "x"}, words[0]) && len(words) > 1:
		return withWords(c, words[1:]).Does()
	case slices.Contains([]string{"install", "ci", "i", "add", "audit", "pack", "publish", "link", "build", "config"}, words[0]):
		return []string{manager + " " + words[0]}
	case words[0] == "t":
		return []string{"script test"}
	case !c.Opened && manager != "npm" && !asked && words[0] != "test" && !isScript(words[0]):
		return withWords(c, words).Does() // yarn and pnpm run programs, too
	}
	return []string{"script " + words[0]}
}

// isScript reports whether what yarn and pnpm run is a script by its name, and no program: "lint:deep", "e2e".
func isScript(name string) bool {
	return strings.Contains(name, ":") || kindOf()[name] == "" && KindOfName(name) == Test
}

// withoutMembers returns the words for a package manager without options, and without those that name members of a workspace.
func withoutMembers(words []string) (rest []string) {
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case slices.Contains([]string{"workspace", "-w", "--workspace", "--filter", "-F", "-C", "--prefix", "--dir", "--cwd"}, w):
			i++
		case strings.HasPrefix(w, "-"), w == "workspaces", w == "foreach":
		default:
			rest = append(rest, w)
		}
	}
	return rest
}

// tasksRun returns the tasks that a runner is asked for.
func (c Call) tasksRun(runner string) (does []string) {
	if same, ok := sameTool[runner]; ok {
		runner = same
	}
	for i := 1; i < len(c.Words); i++ {
		switch w := c.Words[i]; {
		case w == "--":
			return does
		case slices.Contains([]string{"-C", "-f", "--filter", "-F", "--dir", "-d", "-p", "-o", "-j"}, w):
			i++
		case strings.HasPrefix(w, "-"), strings.ContainsAny(w, "=$"), slices.Contains([]string{"run", "run-many", "affected"}, w):
		default:
			does = append(does, runner+" "+w)
		}
	}
	return does
}

// Everywhere reports whether a command runs in members of a workspace, whatever its folder.
func (c Call) Everywhere() bool {
	return slices.ContainsFunc(c.Words, func(w string) bool {
		return slices.Contains([]string{"turbo", "nx", "lerna", "-r", "--recursive", "-w", "-ws", "--workspace", "--workspaces", "--filter", "-F",
			"workspace", "workspaces"}, path.Base(w)) || strings.HasPrefix(w, "--filter=") || strings.HasPrefix(w, "--workspace=")
	})
}

// folderOptions name the folder that a command works in.
var folderOptions = []string{"-C", "--prefix", "--dir", "--cwd", "--directory", "--project", "--manifest-path"}

// Folder returns the folder of the project that a command works in, by its options too; ".." if it is not known.
func (c Call) Folder() string {
	for i, w := range c.Words {
		option, value, ok := strings.Cut(w, "=")
		if !slices.Contains(folderOptions, option) || !ok && i+1 == len(c.Words) {
			continue
		}
		if !ok {
			value = c.Words[i+1]
		}
		if strings.HasSuffix(value, ".toml") {
			value = path.Dir(value)
		}
		if c.Dir == ".." || path.IsAbs(value) || strings.Contains(value, "$") {
			return ".."
		}
		return path.Join(c.Dir, value)
	}
	return c.Dir
}
