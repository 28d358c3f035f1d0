// Package devtools finds the version of a linter or another tool of development that a project pins.
//
// There is no one place for it: a project names the version in the file of a version manager, in a Makefile, in
// its pipeline, in the configuration of pre-commit, or in a comment. The package reads these files as text, in
// this order, and looks for the forms in which people write it down. It executes nothing and expands nothing, so
// a version that a script computes is not found.
package devtools

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Files are the files of a project.
type Files interface {
	Read(name string) (text string, ok bool)
	List(dir string) []string
}

// A Tool says how a project may name a tool.
type Tool struct {
	// Name is that of its command, module or crate: "golangci-lint".
	Name string
	// Repository is its repository on GitHub, for the hooks of pre-commit: "golangci/golangci-lint".
	Repository string
	// Action is the action that runs it in a pipeline on GitHub, with "version" among its inputs:
	// "golangci/golangci-lint-action".
	Action string
	// Accepts reports whether a version can be meant. Nil accepts all.
	Accepts func(version string) bool
}

// A Pin is a version that a project pins.
type Pin struct {
	Version string // "1.64.8", or "1.64" for any of these
	File    string
}

// Find returns the version of a tool that a project pins, and whether it pins one. Each of the more files, such
// as the configuration of the tool, is read after the others.
func Find(files Files, t Tool, more ...string) (Pin, bool) {
	forms := t.forms()
	for _, name := range append(candidates(files), more...) {
		text, ok := files.Read(name)
		if !ok || !strings.Contains(strings.ToLower(text), t.stem()) {
			continue
		}
		for _, form := range forms {
			for _, found := range form.FindAllStringSubmatch(text, -1) {
				if version := found[1]; t.Accepts == nil || t.Accepts(version) {
					return Pin{version, name}, true
				}
			}
		}
	}
	return Pin{}, false
}

// stem is the part of the name that is in all forms: that of the variable GOLANGCI_VERSION lacks "lint".
func (t Tool) stem() string {
	name, _, _ := strings.Cut(strings.TrimPrefix(t.Name, "cargo-"), "-")
	return name
}

const number = `v?([0-9]+(?:\.[0-9]+){1,2})\b`

// forms returns the expressions that match a version of the tool.
func (t Tool) forms() (all []*regexp.Regexp) {
	name := regexp.QuoteMeta(t.Name)
	words := strings.ReplaceAll(regexp.QuoteMeta(t.stem()), "-", "[-_]?")
	for _, form := range []string{
		`\b` + name + `(?:/v[0-9]+)?@` + number,                                                    // module or crate
		`\b` + name + `["']?\s*[:=]\s*["']?` + number,                                              // image, or mise.toml
		`\b` + name + `["']?\s*=\s*\{[^}\n]*version\s*=\s*["']` + number,                           // table of mise.toml
		`(?m)^` + name + `[ \t]+` + number,                                                         // .tool-versions
		`\b` + name + `\S*/install\.sh.*?\s` + number,                                              // its own installer
		`cargo (?:b?install|binstall)[^\n]*\b` + name + `\b[^\n]*--version[ =]["']?` + number,      // cargo install
		`cargo (?:b?install|binstall)[^\n]*--version[ =]["']?` + number + `[^\n]*\b` + name + `\b`, // in other order
		`(?i)\b` + words + `(?:[-_]?[a-z]+)?[-_]?version["']?\s*[:?]?[:=]\s*["']?` + number,        // variable
		`(?im)^\s*#.*\b` + name + `(?: version)?:? ` + number,                                      // comment
	} {
		all = append(all, regexp.MustCompile(form))
	}
	if t.Action != "" {
		all = append(all, regexp.MustCompile(
			regexp.QuoteMeta(t.Action)+`@[^\n]*\n(?:[^\n]*\n){0,8}?\s*version:\s*["']?`+number))
	}
	if t.Repository != "" {
		all = append(all, regexp.MustCompile(
			`github\.com/`+regexp.QuoteMeta(t.Repository)+`(?:\.git)?["']?\s*\n\s*rev:\s*["']?`+number))
	}
	return all
}

// candidates returns the files in which a project may name versions of tools: those of version managers, task
// files, pipelines, scripts and pre-commit.
func candidates(files Files) []string {
	all := []string{".tool-versions", "mise.toml", ".mise.toml", ".config/mise.toml"}
	for _, name := range files.List(".") {
		if slices.Contains([]string{"GNUmakefile", "makefile", "Makefile", "justfile", "Justfile", "Taskfile.yml",
			"Taskfile.yaml"}, name) || path.Ext(name) == ".mk" {
			all = append(all, name)
		}
	}
	for _, name := range files.List(".github/workflows") {
		if ext := path.Ext(name); ext == ".yml" || ext == ".yaml" {
			all = append(all, ".github/workflows/"+name)
		}
	}
	for _, dir := range []string{"script", "scripts", "hack", "tools"} {
		for _, name := range files.List(dir) {
			if path.Ext(name) == ".sh" {
				all = append(all, dir+"/"+name)
			}
		}
	}
	return append(all, ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", ".pre-commit-config.yaml")
}

// Series returns a constraint that the version and its patches meet: "~1.64" for "1.64.8".
func (p Pin) Series() string {
	parts := strings.Split(p.Version, ".")
	return "~" + strings.Join(parts[:2], ".")
}
