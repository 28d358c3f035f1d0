package recipes

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// stackPrograms are programs that work on code of one stack alone, wherever below their folder it is. Those that run
// scripts of the project are not among them, since scripts may do anything.
var stackPrograms = map[string]string{
	"go":     "go gofmt gofumpt goimports golangci-lint gotestsum staticcheck revive govulncheck gosec",
	"node":   "tsc eslint prettier jest vitest mocha ava biome oxlint playwright cypress",
	"python": "pytest py.test unittest tox nox ruff black isort flake8 mypy pyright pylint coverage bandit",
	"rust":   "cargo rustc rustfmt cross",
}

// stackOf has the stack of each of these programs.
var stackOf = func() map[string]string {
	stacks := map[string]string{}
	for stack, programs := range stackPrograms {
		for program := range strings.FieldsSeq(programs) {
			stacks[program] = stack
		}
	}
	return stacks
}()

// silent are words of the shell, and programs that work on no code.
var silent = strings.Fields("cd echo printf export set unset : true false test [ [[ mkdir rm cp mv touch ln cat sleep " +
	"for in case esac fi done read local exit return shift trap wait which type pwd pushd popd } git date uname basename " +
	"dirname tr cut head tail wc tee sort uniq tput")

// Scope returns the part of the project that the commands of the task work on; nil if it is not known, or all of it.
// It is asked before Uses.
func (r *Reader) Scope() *plan.Scope {
	if r.everywhere || len(r.scope.Folders)+len(r.scope.Stacks) == 0 {
		return nil
	}
	return &plan.Scope{Folders: r.scope.Folders, Stacks: r.scope.Stacks}
}

// enter adds to the scope where a command works.
func (r *Reader) enter(c command) {
	if slices.Contains(silent, c.words[0]) || c.dir == "." && c.words[0] == "make" && len(c.words) > 1 && !c.has("-C") {
		return // what a call of make runs here has been read, too
	}
	c = c.inFolder("-C", "--prefix", "--dir", "--cwd", "--directory", "--project", "--manifest-path")
	dir := strings.TrimSuffix(c.dir, "/Cargo.toml")
	stack := stackOf[c.tool()]
	switch {
	case dir != ".." && dir != ".":
		r.scope.Folders = appendNew(r.scope.Folders, dir)
	case dir == "." && stack != "":
		r.scope.Stacks = appendNew(r.scope.Stacks, stack)
	default:
		r.everywhere = true
	}
}

// tool returns the program that a command runs, also by one that runs another: "pytest" of "uv run pytest".
func (c command) tool() string {
	program := path.Base(c.words[0])
	verb, at := c.argument(1)
	switch {
	case slices.Contains(pythonManagers, program) && verb == "run" && at+1 < len(c.words):
		return c.words[at+1]
	case isInterpreter(program) && len(c.words) > 2 && c.words[1] == "-m":
		return c.words[2]
	case program == "npx", program == "bunx":
		return verb
	}
	return program
}

// Tool returns the tool that a command runs, with its verb if it has several: "pytest" of "uv run pytest -q", "go test".
// Package managers run a script by several words: "npm test" and "npm run test" are both "npm run test".
func (c Command) Tool() string {
	plain := command{words: c.Words, dir: c.Dir}
	tool := plain.tool()
	if tool == "gotestsum" {
		return "go test"
	}
	if !slices.Contains(withVerbs, tool) {
		return tool
	}
	from := max(0, slices.IndexFunc(c.Words, func(w string) bool { return path.Base(w) == tool }))
	verb, at := plain.argument(from + 1)
	switch {
	case verb == "run" || verb == "run-script":
		if name, _ := plain.argument(at + 1); name != "" {
			verb = "run " + name
		}
	case slices.Contains(nodeManagers, tool) && (verb == "test" || verb == "t"):
		verb = "run test"
	}
	return strings.TrimSpace(tool + " " + verb)
}

// withVerbs are the tools that do different things by their first argument.
var withVerbs = strings.Fields("go cargo npm pnpm yarn bun make just task ruff docker deno")

// Stack returns the stack whose code alone a command works on: "go" of "go test ./..."; "" if it is not known.
func (c Command) Stack() string { return stackOf[command{words: c.Words, dir: c.Dir}.tool()] }

// WorksOnCode reports whether a command may do more than prepare the machine or talk to the shell.
func (c Command) WorksOnCode() bool {
	return !slices.Contains(silent, c.Words[0]) && !slices.Contains(preparing, path.Base(c.Words[0]))
}

// preparing are programs that prepare a machine. What davit does is known from its plan.
var preparing = strings.Fields("davit apt apt-get brew choco curl wget git tar unzip chmod sudo rustup pip pip3 ls find grep sed awk")

func (c command) has(word string) bool { return slices.Contains(c.words, word) }

func appendNew(list []string, one string) []string {
	if slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}
