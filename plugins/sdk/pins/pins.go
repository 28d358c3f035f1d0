// Package pins reads the files by which a project chooses the versions of its tools for version managers: those of one
// tool, such as .nvmrc, and those of many, .tool-versions and mise.toml. It compares no versions, and knows no tool.
package pins

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// A Pin is the version of a tool that a file of the project chooses.
type Pin struct {
	Version string // as the file has it: "22.13.0", "lts/jod"
	File    string // relative to the root of the project
}

// miseFiles are the names of mise's configuration. A user's own come first.
var miseFiles = []string{"mise.local.toml", ".mise.local.toml", "mise.toml", ".mise.toml", ".config/mise.toml"}

// Find returns the version of a tool that a folder chooses, or else the nearest folder above it. Files are those of
// the tool alone, such as ".nvmrc", in order of preference; names are those of the tool in .tool-versions and in the
// configuration of mise, which are read after them.
func Find(p *sdk.Project, dir string, files []string, names ...string) (Pin, bool) {
	for ; ; dir = path.Dir(dir) {
		for _, name := range files {
			text, _ := p.Read(path.Join(dir, name))
			if version := firstWord(text); version != "" {
				return Pin{version, path.Join(dir, name)}, true
			}
		}
		if pin, ok := findShared(p, dir, names); ok {
			return pin, true
		}
		if dir == "." {
			return Pin{}, false
		}
	}
}

// findShared returns the version of a tool in the files of a folder that choose the versions of many tools.
func findShared(p *sdk.Project, dir string, names []string) (Pin, bool) {
	file := path.Join(dir, ".tool-versions")
	text, _ := p.Read(file)
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 1 && slices.Contains(names, words[0]) {
			return Pin{words[1], file}, true
		}
	}
	for _, name := range miseFiles {
		file := path.Join(dir, name)
		text, _ := p.Read(file)
		m, _ := toml.Parse(text)
		for _, tool := range names {
			if version := miseVersion(m, tool); version != "" {
				return Pin{version, file}, true
			}
		}
	}
	return Pin{}, false
}

// miseVersion returns the version of a tool in mise's configuration, of several the first.
func miseVersion(m map[string]any, tool string) string {
	if list := toml.Strings(m, "tools", tool); len(list) > 0 {
		return list[0]
	}
	if version := toml.String(m, "tools", tool, "version"); version != "" {
		return version
	}
	return toml.String(m, "tools", tool)
}

// firstWord returns the first word of a text that is in no comment.
func firstWord(text string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 0 {
			return words[0]
		}
	}
	return ""
}
