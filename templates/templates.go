// Package templates renders the files that davit writes into a project without them. It is a pure function of
// its arguments.
package templates

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Schema is the address of the JSON Schema of project.toml, by which editors complete it. davit does not open it.
const Schema = "https://raw.githubusercontent.com/davit-dev/davit/main/cmd/internal/cli/schema/project.json"

// Project returns the project.toml of a project with that name.
func Project(name string) string {
	return fmt.Sprintf(`#:schema %s
# How davit works on this project. Everything here is optional: davit targets shows what it finds by itself.

[_]
schema-version = "0.2"
name = %s

# A target of the project's own: a string is a shell script, an array is a command.
# Names that every davit project knows (davit targets) keep their meaning: "style" must not change a file.
#
# [targets.hello]
# summary = "Say hello"
# run = "echo hello"
`, Schema, value(name))
}

// An Adoption is what davit found in a project.
type Adoption struct {
	Name string
	// Known is a line for each provider: "go: Go module example.com/shop (go 1.26)".
	Known []string
	// Parts are those that no plugin knows.
	Parts []Part
}

// A Part is a project of a stack that has no plugin, and the target that tests it with the stack's own command. Without a
// command it has no target.
type Part struct{ Stack, Path, Target, Command string }

// Adopted returns the project.toml of a project that is there already.
func Adopted(a Adoption) string {
	var b strings.Builder
	fmt.Fprintf(&b, `#:schema %s
# How davit works on this project: davit targets lists the targets, davit explain TARGET says where one comes from.
# Everything that davit finds by itself can be left out here. A key that is unknown is an error with its line.
`, Schema)
	for _, known := range a.Known {
		fmt.Fprintf(&b, "#\n# found: %s\n", known)
	}
	fmt.Fprintf(&b, "\n[_]\nschema-version = \"0.2\"\nname = %s\n", value(a.Name))
	var tested []string
	for _, p := range a.Parts {
		b.WriteString(p.target())
		if p.Command != "" {
			tested = append(tested, p.Target)
		}
	}
	if len(tested) > 0 {
		fmt.Fprintf(&b, "\n[targets.test]\nparts = %s\n", value(tested))
	}
	return b.String()
}

// target returns the lines of the target that tests a part, or a comment that there is none.
func (p Part) target() string {
	if p.Command == "" {
		return fmt.Sprintf("\n# %s (%s) has no plugin, and no command that tests it without further set-up.\n", p.Stack, p.Path)
	}
	return fmt.Sprintf(`
# %s (%s) has no plugin: this is what its own documentation gives as the command that tests it.
[targets.%s]
summary = %s
run = %s
effect = "builds"
`, p.Stack, p.Path, p.Target, value("Test the "+p.Stack+" project in "+p.Path), value(p.Command))
}

// value returns a string, or an array of strings, as TOML has it, which is as JSON has it.
func value(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // cannot happen: strings are always encoded
	}
	return strings.TrimSpace(b.String())
}
