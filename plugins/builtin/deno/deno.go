// Package deno is the davit plugin for Deno: the tasks of deno.json first, then deno test, lint, fmt and check.
//
// Its configuration is {"image": "denoland/deno:2.1.4", "folders": ["api"]}, both optional.
package deno

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var deno = stack.Stack{
	Name: "deno", Title: "Deno", Manifests: []string{"deno.json", "deno.jsonc"},
	Refuses: refuses,
	Tool: plan.Tool{Check: []string{"deno", "--version"}, Image: "denoland/deno:latest",
		Install: "see https://docs.deno.com/runtime/getting_started/installation"},
	Caches: []plan.Cache{{ID: "deno", Env: "DENO_DIR"}},
	Plan:   planProject,
	Absent: map[string]string{
		"init":                     "Deno downloads what each command needs",
		"build":                    "there is neither a task build nor a module to check",
		"test":                     "there is neither a task test nor a test",
		"run":                      "deno.json has no task for it, and there is no main.ts",
		"security-dependency-scan": "Deno has no command for it",
		"package":                  "a Dockerfile describes the image of a program of Deno",
	},
}

// modules are the files that a project of Deno without a deno.json has at the root, by the habit of its authors.
var modules = []string{"mod.ts", "deps.ts"}

// Read plans the projects of the repository. One without a deno.json is one if a pipeline calls deno.
func Read(p *sdk.Project) (*plan.Plan, error) {
	s := deno
	if p.FirstOf(append(deno.Manifests, "package.json")...) == "" && p.FirstOf(modules...) != "" {
		s.Manifests = slices.Concat(deno.Manifests, modules)
	}
	return stack.Read(p, &s)
}

// refuses returns why a folder is no project of Deno: a package of Node may have a deno.json for its editor alone.
func refuses(u *stack.Unit) string {
	m, _ := parse(u)
	switch called := u.Called("deno"); {
	case isModule(u) && (!called || u.Dir != "."):
		return "there is no deno.json, and no pipeline calls deno"
	case u.Exists("package.json") && !called && len(m.Tasks) == 0:
		return "it is a package of Node, and no pipeline calls deno"
	}
	return ""
}

// isModule reports whether a module stands for the project, which has no deno.json.
func isModule(u *stack.Unit) bool { return path.Ext(u.Manifest) == ".ts" }

// A manifest is what a deno.json says.
type manifest struct {
	Tasks   map[string]any `json:"tasks"`
	Exports any            `json:"exports"`
	Test    any            `json:"test"`
}

func parse(u *stack.Unit) (m manifest, err error) {
	if !isModule(u) {
		err = json.Unmarshal([]byte(withoutComments(u.Text(path.Base(u.Manifest)))), &m)
	}
	return m, err
}

func planProject(u *stack.Unit) error {
	m, err := parse(u)
	if err != nil {
		return fmt.Errorf("%s: %v", u.Manifest, err)
	}
	own := tasks(u, m)
	u.Tasks(own)
	style(u, own)
	var lock []string
	if !u.Exists("deno.lock") {
		lock = []string{"--no-lock"} // which Deno would write
	}
	if !u.Has("build") {
		u.Add("build", stack.Exec(slices.Concat([]string{"deno", "check"}, lock, entries(u, m))...), "deno check")
	}
	if !u.Has("test-unit") && (hasTests(u, ".") || m.Test != nil) {
		step := stack.Exec(append([]string{"deno", "test", "--allow-all"}, lock...)...)
		step.TestRunner = plan.RunnerDeno
		step.Reports = []plan.Report{{Format: plan.FormatJUnit, Args: []string{"--junit-path={report}"}}}
		u.Add("test-unit", step, "deno test, with all permissions, since deno.json has no task test")
	}
	if u.Has("test-unit") {
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if !u.Has("run") && u.Exists("main.ts") {
		u.Add("run", stack.Exec("deno", "run", "--allow-all", "main.ts"), "main.ts, with all permissions")
	}
	if !u.Has("format") {
		u.Add("format", stack.Exec("deno", "fmt"), "")
	}
	u.Add("upgrade", stack.Exec("deno", "outdated", "--update"), "")
	return nil
}

func tasks(u *stack.Unit, m manifest) (all []stack.Task) {
	for _, name := range slices.Sorted(maps.Keys(m.Tasks)) {
		text := fmt.Sprint(m.Tasks[name])
		if table, ok := m.Tasks[name].(map[string]any); ok {
			text = fmt.Sprint(table["command"])
		}
		task := stack.Task{Name: name, Text: text, Step: stack.Exec("deno", "task", name), Source: u.Manifest}
		if strings.Contains(text, "deno test") || strings.Contains(text, "deno task test") {
			task.Runner = plan.RunnerDeno
		}
		all = append(all, task)
	}
	return all
}

// entries returns the modules to check: those that are exported, else those of the usual names, else all.
func entries(u *stack.Unit, m manifest) (files []string) {
	switch exports := m.Exports.(type) {
	case string:
		files = []string{exports}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(exports)) {
			files = append(files, fmt.Sprint(exports[name]))
		}
	}
	files = slices.DeleteFunc(files, func(name string) bool { return !u.Exists(path.Clean(name)) })
	if main := u.FirstOf("main.ts", "mod.ts"); len(files) == 0 && main != "" {
		files = []string{main}
	}
	if len(files) == 0 {
		files = []string{"."}
	}
	return files
}

// hasTests reports whether a folder, or one below it, has a file that deno test takes for tests.
func hasTests(u *stack.Unit, dir string) bool {
	for _, name := range u.List(dir) {
		base := strings.TrimSuffix(name, path.Ext(name))
		switch full := path.Join(dir, name); {
		case strings.HasSuffix(name, "/"):
			if !sdk.Foreign(path.Base(full)) && sdk.Level(full) < 5 && hasTests(u, full) {
				return true
			}
		case slices.Contains([]string{".ts", ".tsx", ".js", ".mjs", ".jsx"}, path.Ext(name)) &&
			(base == "test" || strings.HasSuffix(base, "_test") || strings.HasSuffix(base, ".test")):
			return true
		}
	}
	return false
}
