// Package shell is the davit plugin for programs in shell: the tests of Bats, and ShellCheck and shfmt as the project's
// pipelines call them.
//
// Its configuration is {"image": "bats/bats:latest", "folders": ["."]}, both optional.
package shell

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var shell = stack.Stack{
	Name: "shell", Title: "shell",
	Plan: planProject,
	Tool: plan.Tool{Check: []string{"bats", "--version"}, Image: "bats/bats:latest", Install: "see https://bats-core.readthedocs.io"},
	Absent: map[string]string{
		"build": "a shell script is not compiled",
		"test":  "there is no file *.bats",
		"style": "no pipeline calls shellcheck or shfmt, and there is no .shellcheckrc",
		"run":   "nothing says which of the scripts is the program",
	},
}

// Read plans the scripts of the repository, which are one project at its root.
func Read(p *sdk.Project) (*plan.Plan, error) {
	s := shell
	s.Manifests = manifests(p)
	return stack.Read(p, &s)
}

// manifests returns a file at the root that stands for the project, if there are tests of Bats or a configuration of
// ShellCheck.
func manifests(p *sdk.Project) []string {
	if p.Exists(".shellcheckrc") {
		return []string{".shellcheckrc"}
	}
	if len(p.Find(3, isBats)) == 0 {
		return nil
	}
	for _, name := range p.List(".") {
		if !strings.HasSuffix(name, "/") {
			return []string{name}
		}
	}
	return nil
}

func isBats(name string) bool { return path.Ext(name) == ".bats" }

var (
	shellcheck = plan.Tool{Check: []string{"shellcheck", "--version"}, Image: "koalaman/shellcheck-alpine:stable", Install: "see https://www.shellcheck.net"}
	shfmt      = plan.Tool{Check: []string{"shfmt", "--version"}, Image: "mvdan/shfmt:v3-alpine", Install: "see https://github.com/mvdan/sh"}
)

func planProject(u *stack.Unit) error {
	tests(u)
	for _, c := range u.Pipeline().Calls {
		if c.Ignored != "" || slices.ContainsFunc(c.Words, isComputed) {
			continue
		}
		switch c.Program() {
		case "shellcheck":
			check(u, shellcheck, c)
		case "shfmt":
			if diff := slices.ContainsFunc(c.Words, func(w string) bool { return w == "-d" || w == "--diff" || w == "-l" }); diff && !stack.Writes(strings.Join(c.Words, " ")) {
				check(u, shfmt, c)
			}
		}
	}
	if files := scripts(u); !u.Has("style") && len(u.Pipeline().Calls) == 0 && u.Exists(".shellcheckrc") && len(files) > 0 {
		u.Use(shellcheck)
		u.AddAs("style", "style-shellcheck", stack.Exec(append([]string{"shellcheck"}, files...)...), "ShellCheck, since there is a .shellcheckrc")
	}
	return nil
}

// tests offers the tests of Bats, in the folders that the pipeline names, else in those that have them.
func tests(u *stack.Unit) {
	own := u.FirstOf("test/bats/bin/bats", "tests/bats/bin/bats", "test/libs/bats/bin/bats", "bin/bats")
	argv := append([]string{"bats", "--tap"}, called(u)...)
	if len(argv) == 2 {
		argv = append(argv, testFolders(u)...)
	}
	if len(argv) == 2 {
		return
	}
	if own != "" {
		argv[0] = "./" + own
	}
	step := stack.Exec(argv...)
	step.Reports = []plan.Report{{Format: plan.FormatTAP, Stdout: true}}
	u.Add("test-unit", step, "the tests of Bats")
	u.Includes("test-unit", "test-functional", "test-integration")
}

// called returns the arguments of the first call of Bats in a pipeline that names files or folders of the project.
func called(u *stack.Unit) (args []string) {
	for _, c := range u.Calls("bats") {
		named := false
		args = nil
		for _, w := range c.Words[1:] {
			exists := !strings.HasPrefix(w, "/") && u.Exists(path.Clean(w))
			if named = named || exists; exists || w == "-r" || w == "--recursive" {
				args = append(args, w)
			}
		}
		if named && !slices.ContainsFunc(c.Words, isComputed) {
			return args
		}
	}
	return nil
}

// testFolders returns the folders with tests, without those of a copy of Bats and its libraries.
func testFolders(u *stack.Unit) (dirs []string) {
	for _, name := range u.Files(isBats) {
		dir := path.Dir(name)
		inLibrary := slices.ContainsFunc(strings.Split(dir, "/"), func(part string) bool {
			return part == "libs" || part == "test_helper" || strings.HasPrefix(part, "bats")
		})
		if !inLibrary {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// check adds the command of a pipeline to the style.
func check(u *stack.Unit, t plan.Tool, c pipelines.Call) {
	u.Use(t)
	step := stack.Shell(quoted(c.Words))
	if c.Dir != "." {
		step.Script = "cd " + sdk.Quote(c.Dir) + "\n" + step.Script
	}
	u.AddAs("style", "style-"+t.Check[0], step, "as the pipeline calls it: "+t.Check[0])
}

// quoted returns words as a shell reads them, with patterns of files for it to expand.
func quoted(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = sdk.Quote(w); strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./*?") == "" {
			out[i] = w
		}
	}
	return strings.Join(out, " ")
}

func isComputed(word string) bool { return strings.ContainsAny(word, "$`{") }

// scripts returns the shell scripts of the project by their extensions.
func scripts(u *stack.Unit) []string {
	return u.Files(func(name string) bool { return slices.Contains([]string{".sh", ".bash"}, path.Ext(name)) })
}
