// Package toolpins finds the versions of tools that the files of a project pin, and moves those for which a tool itself says
// what is newest: Go knows its own releases. For other tools it guesses nothing.
package toolpins

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A Pin is the version of a tool that a file pins.
type Pin struct {
	File, Tool, Version string
}

// single are the files that pin the version of one tool.
var single = map[string]string{
	".nvmrc": "node", ".node-version": "node", ".python-version": "python", ".ruby-version": "ruby", ".go-version": "go",
	".java-version": "java", ".terraform-version": "terraform", "rust-toolchain": "rust",
}

// parsers are those of the files that pin the versions of several tools, or something else besides.
var parsers = map[string]func(string) map[string]string{
	".tool-versions": toolVersions, "mise.toml": miseTools, ".mise.toml": miseTools, "rust-toolchain.toml": rustChannel, "go.mod": goToolchain,
}

// Pins reports whether a file of this name may pin a version.
func Pins(file string) bool { return single[path.Base(file)] != "" || parsers[path.Base(file)] != nil }

// Of returns the pins of a file, sorted by tool.
func Of(file, text string) (pins []Pin) {
	parse := parsers[path.Base(file)]
	if tool := single[path.Base(file)]; tool != "" {
		parse = func(text string) map[string]string { return map[string]string{tool: firstLine(text)} }
	}
	if parse == nil {
		return nil
	}
	found := parse(text)
	for _, tool := range slices.Sorted(maps.Keys(found)) {
		if found[tool] != "" {
			pins = append(pins, Pin{file, tool, found[tool]})
		}
	}
	return pins
}

// firstLine returns the first line that is neither empty nor a comment, and is no table of TOML.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			if line[0] == '[' {
				return ""
			}
			return line
		}
	}
	return ""
}

// toolVersions returns the first version of each tool of .tool-versions.
func toolVersions(text string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 1 {
			found[words[0]] = words[1]
		}
	}
	return found
}

// miseTools returns the versions of the tools of mise's configuration, of several the first.
func miseTools(text string) map[string]string {
	m, _ := toml.Parse(text)
	tools, _ := m["tools"].(map[string]any)
	found := map[string]string{}
	for tool, value := range tools {
		if table, is := value.(map[string]any); is {
			value = table["version"]
		}
		if list, is := value.([]any); is && len(list) > 0 {
			value = list[0]
		}
		found[tool], _ = value.(string)
	}
	return found
}

// rustChannel returns the channel of rust-toolchain.toml.
func rustChannel(text string) map[string]string {
	m, _ := toml.Parse(text)
	return map[string]string{"rust": toml.String(m, "toolchain", "channel")}
}

// toolchainLine matches the line of go.mod that pins a release of Go.
var toolchainLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^(toolchain[ \t]+)(go[0-9]\S*)`) })

// goToolchain returns the release that go.mod pins. Its line go is a minimum, and no pin.
func goToolchain(text string) map[string]string {
	if found := toolchainLine().FindStringSubmatch(text); found != nil {
		return map[string]string{"go": found[2]}
	}
	return nil
}

// SetGo returns a go.mod that pins another release of Go.
func SetGo(text, release string) string {
	return toolchainLine().ReplaceAllString(text, "${1}"+release)
}
