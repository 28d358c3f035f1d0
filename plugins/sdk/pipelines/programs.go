package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// runsProgram reports whether a command compiles and runs a program of the project, by its name or by what it is asked for:
// "go run ./cmd/contract", "cargo run -- --self-check", "go tool gate" of a module with that tool.
func (r *pipelineReader) runsProgram(c recipes.Command) bool {
	words := withoutToolchain(c.Words)
	switch {
	case len(words) < 3:
		return false
	case words[0] == "go" && words[1] == "tool":
		return r.ownTool(c.Dir, words[2])
	case words[1] != "run" || !slices.Contains([]string{"go", "cargo"}, words[0]):
		return false
	}
	name := words[2]
	if at := slices.IndexFunc(words, func(w string) bool { return w == "--bin" || w == "--example" || w == "-p" }); words[0] == "cargo" && at+1 < len(words) && at > 0 {
		name = words[at+1]
	}
	if strings.HasPrefix(name, "-") || name == "." {
		return slices.ContainsFunc(words[2:], asksForCheck)
	}
	return !strings.ContainsAny(name, "$@") && MayCheck(name)
}

// withoutToolchain returns the words of a command without the toolchain of Cargo: "cargo run" of "cargo +nightly run".
func withoutToolchain(words []string) []string {
	if len(words) > 2 && words[0] == "cargo" && strings.HasPrefix(words[1], "+") {
		return append([]string{"cargo"}, words[2:]...)
	}
	return words
}

// asksForCheck reports whether an argument of a program asks it for a check by its name: "--self-check", "verify".
func asksForCheck(word string) bool {
	name := strings.TrimLeft(word, "-")
	return name != "" && !strings.ContainsAny(name, "./=$") && KindOfName(name) != ""
}

// ownTool reports whether a tool of the module in a folder is a program of the module itself.
func (r *pipelineReader) ownTool(dir, name string) bool {
	text, _ := r.files.Read(path.Join(dir, "go.mod"))
	module := ""
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch tool := words[max(0, len(words)-1):]; {
		case len(words) == 2 && words[0] == "module":
			module = words[1]
		case len(tool) == 1 && module != "" && strings.HasPrefix(tool[0], module+"/") && (path.Base(tool[0]) == name || tool[0] == name):
			return MayCheck(name)
		}
	}
	return false
}
