// Package lua is the davit plugin for Lua: rocks, tests of Busted, Luacheck and StyLua.
//
// Its configuration is {"image": "nickblah/lua:5.4-luarocks", "folders": ["."]}, both optional.
package lua

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var lua = stack.Stack{
	Name: "lua", Title: "Lua", Manifests: []string{"*.rockspec", ".busted", ".luacheckrc", ".stylua.toml", "stylua.toml"},
	Tool:   plan.Tool{Check: []string{"luarocks", "--version"}, Image: "nickblah/lua:5.4-luarocks", Install: "see https://luarocks.org"},
	Caches: []plan.Cache{{ID: "luarocks", Env: "LUAROCKS_CACHE"}},
	Plan:   planProject,
	Absent: map[string]string{
		"init":  "each command uses the rocks that are installed",
		"build": "there is no rockspec with modules",
		"test":  "there is neither a .busted nor a folder spec, nor a script of tests that a pipeline calls",
		"style": "no pipeline calls luacheck or stylua, and neither is configured",
		"run":   "nothing says which of the scripts is the program",
	},
}

// Read plans the projects of the repository. A folder with the rockspecs of all versions is part of the project above it.
func Read(p *sdk.Project) (*plan.Plan, error) {
	s := lua
	if len(p.List("rockspecs")) > 0 {
		s.Manifests = nil
		for _, name := range p.List(".") {
			if !strings.HasSuffix(name, "/") && len(s.Manifests) == 0 {
				s.Manifests = []string{name}
			}
		}
		s.Refuses = func(u *stack.Unit) string {
			if u.Dir != "." {
				return "the rocks of the repository are those in rockspecs"
			}
			return ""
		}
	}
	return stack.Read(p, &s)
}

// The tools besides LuaRocks, which installs them.
var (
	busted   = plan.Tool{Check: []string{"busted", "--version"}, Image: "nickblah/lua:5.4-luarocks", Install: "luarocks install busted"}
	luacheck = plan.Tool{Check: []string{"luacheck", "--version"}, Image: "pipelinecomponents/luacheck:latest", Install: "luarocks install luacheck"}
	stylua   = plan.Tool{Check: []string{"stylua", "--version"}, Image: "johnnymorganz/stylua:latest", Install: "see https://github.com/JohnnyMorganz/StyLua"}
	luaTool  = plan.Tool{Check: []string{"lua", "-v"}, Image: "nickblah/lua:5.4", Install: "see https://www.lua.org"}
)

func planProject(u *stack.Unit) error {
	if spec := rockspec(u); spec != "" {
		u.Add("build", stack.Exec("luarocks", "lint", spec), "luarocks lint; a rock is built when it is installed")
		pack := stack.Exec("luarocks", "pack", spec)
		pack.NoCache = true
		u.Add("package", pack, "the rock; nothing is uploaded")
	}
	tests(u)
	if u.Checked("luacheck", ".luacheckrc") {
		u.Use(luacheck)
		u.AddAs("style", "style-luacheck", stack.Exec(append([]string{"luacheck", "--no-cache"}, words(u, "luacheck", ".")...)...), "luacheck")
	}
	if u.Checked("stylua", "stylua.toml", ".stylua.toml") {
		u.Use(stylua)
		where := words(u, "stylua", ".")
		u.AddAs("style", "style-stylua", stack.Exec(append([]string{"stylua", "--check"}, where...)...), "")
		u.Add("format", stack.Exec(append([]string{"stylua"}, where...)...), "StyLua")
	}
	return nil
}

// rockspec returns the rockspec of the newest version: that of the working tree, if there is one.
func rockspec(u *stack.Unit) (best string) {
	for _, name := range u.List(".") {
		if strings.HasSuffix(name, ".rockspec") && (best == "" || !development(best) && (development(name) || sdk.CompareVersions(name, best) > 0)) {
			best = name
		}
	}
	return best
}

func development(name string) bool {
	return strings.Contains(name, "-scm-") || strings.Contains(name, "-dev-") || strings.Contains(name, "-git-")
}

// tests offers those of Busted or, without them, a script that a pipeline runs.
func tests(u *stack.Unit) {
	if u.Exists(".busted") || u.Called("busted") || hasSpecs(u) {
		u.Use(busted)
		step := stack.Exec("busted", "--output=plainTerminal")
		step.TestRunner = plan.RunnerBusted
		step.Reports = []plan.Report{{Format: plan.FormatJUnit, Args: []string{"--output=junit", "-Xoutput", "{report}"}}}
		u.Add("test-unit", step, "busted")
		u.Includes("test-unit", "test-functional", "test-integration")
		return
	}
	for _, c := range u.Calls("lua", "luajit", "lua5.1", "lua5.4") {
		if len(c.Words) > 1 && path.Ext(c.Words[1]) == ".lua" && strings.Contains(c.Words[1], "test") && u.Exists(path.Clean(c.Words[1])) {
			u.Use(luaTool)
			u.Add("test-unit", stack.Exec(append([]string{"lua"}, c.Words[1:]...)...), "as the pipeline calls it")
			return
		}
	}
}

func hasSpecs(u *stack.Unit) bool {
	return slices.ContainsFunc(u.List("spec"), func(name string) bool { return strings.HasSuffix(name, "_spec.lua") })
}

// words returns the files and folders that a pipeline checks by a program, or the others.
func words(u *stack.Unit, program string, others ...string) (paths []string) {
	for _, c := range u.Calls(program) {
		for _, w := range c.Words[1:] {
			if !strings.HasPrefix(w, "-") && u.Exists(path.Clean(w)) {
				paths = append(paths, w)
			}
		}
	}
	if len(paths) == 0 {
		return others
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
