// Package elixir is the davit plugin for Elixir: projects of Mix, which are one application or an umbrella.
//
// Its configuration is {"image": "elixir:1.17", "folders": ["api"]}, both optional.
package elixir

import (
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

var elixir = stack.Stack{
	Name: "elixir", Title: "Mix", Manifests: []string{"mix.exs"},
	Tool:     plan.Tool{Check: []string{"elixir", "--version"}, Image: "elixir:1", Install: "see https://elixir-lang.org/install.html"},
	Caches:   []plan.Cache{{ID: "mix", Env: "MIX_HOME"}, {ID: "hex", Env: "HEX_HOME"}},
	PassEnv:  []string{"MIX_ENV", "MIX_TARGET"},
	Products: []string{"_build/", "deps/", "cover/", "doc/"},
	Plan:     planProject,
	Absent: map[string]string{
		"init":                     "mix.exs names no dependencies",
		"test":                     "there is no folder test",
		"style":                    "there is neither a .formatter.exs nor Credo",
		"run":                      "mix.exs starts no server; mix run needs what to run",
		"security-dependency-scan": "mix.exs names no mix_audit",
		"package":                  "a Dockerfile describes the image of a release",
	},
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &elixir) }

// dependency matches the start of a dependency of Mix.
var dependency = regexp.MustCompile(`\{:(\w+),\s*(?:"|~|\[|path:|git:|github:|in_umbrella:|only:|>=)`)

func planProject(u *stack.Unit) error {
	text := u.Text("mix.exs")
	var deps []string
	for _, found := range dependency.FindAllStringSubmatch(withoutComments(text), -1) {
		deps = append(deps, found[1])
	}
	has := func(name string) bool { return slices.Contains(deps, name) }
	formatter := u.Text(".formatter.exs")
	early := !strings.Contains(formatter, "import_deps") && !strings.Contains(formatter, "plugins")
	if early {
		checkFormat(u)
	}
	if len(deps) > 0 || u.Exists("apps") {
		u.Prepare(prepare(u), "the packages of mix.lock")
	}
	if !early {
		checkFormat(u)
	}
	build := stack.Exec("mix", "compile")
	if strings.Contains(pipelineText(u), "--warnings-as-errors") {
		build.Argv = append(build.Argv, "--warnings-as-errors")
	}
	build.NoCache, build.NoCacheWhy = true, "Mix itself knows what is up to date"
	u.Add("build", build, "")
	if u.FirstOf("test", "apps") != "" {
		test := stack.Exec("mix", "test")
		test.TestRunner = plan.RunnerExUnit
		if has("junit_formatter") {
			test.Reports = []plan.Report{{Format: plan.FormatJUnit, Path: "_build/test/lib/**/*-report.xml",
				Args: []string{"--formatter", "JUnitFormatter", "--formatter", "ExUnit.CLIFormatter"}}}
		}
		u.Add("test-unit", test, "mix test")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	style(u, has)
	switch {
	case has("phoenix"):
		u.Add("run", stack.Exec("mix", "phx.server"), "the server of Phoenix")
	case strings.Contains(text, "escript:"):
		u.Add("run", stack.Shell("mix escript.build && ./\"$(mix run --no-start -e 'IO.puts(Mix.Project.config[:escript][:name] || Mix.Project.config[:app])')\" \"$@\""), "the escript")
	}
	u.Add("clean", stack.Exec("mix", "clean"), "")
	u.Add("upgrade", stack.Exec("mix", "deps.update", "--all"), "")
	if has("mix_audit") {
		audit := stack.Exec("mix", "deps.audit")
		audit.NoCache = true
		u.Add("security-dependency-scan", audit, "mix_audit")
	}
	return nil
}

// prepare returns the step that downloads the packages. An image of Elixir lacks Hex, by which Mix does that.
func prepare(u *stack.Unit) plan.Step {
	get := "mix deps.get"
	if u.Exists("mix.lock") {
		get += " --check-locked"
	}
	return stack.Shell("# "+get, "mix local.hex --force --if-missing", "mix local.rebar --force --if-missing", get)
}

// checkFormat offers the check of the format, which needs no packages unless the configuration of the formatter names some.
func checkFormat(u *stack.Unit) {
	if called(u, "format") || len(u.Pipeline().Calls) == 0 && u.Exists(".formatter.exs") {
		u.AddAs("style", "style-format", stack.Exec("mix", "format", "--check-formatted"), "mix format --check-formatted")
	}
}

// style offers what a pipeline calls; without a pipeline, what the project has.
func style(u *stack.Unit, has func(string) bool) {
	var names []string
	add := func(id, name string, argv ...string) {
		u.AddAs("style", "style-"+id, stack.Exec(append([]string{"mix"}, argv...)...), "")
		names = append(names, name)
	}
	unknown := len(u.Pipeline().Calls) == 0
	if u.Has("style") {
		names = []string{"mix format --check-formatted"}
	}
	if has("credo") && (called(u, "credo") || unknown) {
		add("credo", "Credo", strictCredo(u)...)
	}
	if has("dialyxir") && called(u, "dialyzer") {
		add("dialyzer", "Dialyzer", "dialyzer")
	}
	if len(names) > 0 {
		u.Explain("style", strings.Join(names, ", "))
	}
	if u.Exists(".formatter.exs") {
		u.Add("format", stack.Exec("mix", "format"), "")
	}
}

// called reports whether a pipeline runs a task of Mix.
func called(u *stack.Unit, task string) bool {
	return slices.ContainsFunc(strings.Split(pipelineText(u), "\n"), func(line string) bool {
		return slices.Contains(strings.Fields(line), task)
	})
}

func strictCredo(u *stack.Unit) []string {
	if strings.Contains(pipelineText(u), "--strict") {
		return []string{"credo", "--strict"}
	}
	return []string{"credo"}
}

// pipelineText returns the commands of Mix in the pipelines, one a line.
func pipelineText(u *stack.Unit) string {
	var lines []string
	for _, c := range u.Calls("mix") {
		lines = append(lines, strings.Join(c.Words, " "))
	}
	return strings.Join(lines, "\n")
}

// withoutComments returns a text of Elixir without its lines of comments.
func withoutComments(text string) string {
	return regexp.MustCompile(`(?m)^\s*#.*$`).ReplaceAllString(text, "")
}
