// Package zig is the davit plugin for projects of Zig with a build.zig.
package zig

import (
	"regexp"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "zig", Title: "Zig", Manifests: []string{"build.zig"},
		Caches:   []plan.Cache{{ID: "zig", Env: "ZIG_GLOBAL_CACHE_DIR"}},
		Products: []string{".zig-cache/", "zig-cache/", "zig-out/"},
		Plan:     plans,
		Absent: map[string]string{
			"init":             "Zig fetches what build.zig.zon names in each build",
			"test-unit":        `build.zig has no step "test"`,
			"test-functional":  "Zig has no mark for functional tests",
			"test-integration": "Zig has no mark for integration tests",
			"run":              `build.zig has no step "run"`,
			"package":          "a Dockerfile says more",
		},
	})
}

// stepName matches the steps that build.zig defines: b.step("test", "Run the tests").
var stepName = regexp.MustCompile(`\.step\(\s*"([^"]+)"`)

// plans adds the commands of one project.
func plans(u *stack.Unit) error {
	t := plan.Tool{Check: []string{"zig", "version"}, Install: "see https://ziglang.org/download"}
	if found := minimum.FindStringSubmatch(u.Text("build.zig.zon")); found != nil {
		t.Version = ">=" + found[1]
	}
	u.Use(t)
	steps := map[string]bool{}
	for _, found := range stepName.FindAllStringSubmatch(u.Text("build.zig"), -1) {
		steps[found[1]] = true
	}
	if !u.Runs("zig") || strings.Contains(fmtCalls(u), "--check") {
		style := stack.Exec("zig", "fmt", "--check", ".")
		style.ReadOnly = true
		u.Add("style", style, "zig fmt")
	}
	build := command(u, "zig", "build")
	build.NoCache, build.NoCacheWhy = true, "Zig itself knows what is up to date"
	u.Add("build", build, "")
	if steps["test"] {
		test := command(u, "zig", "build", "test", "--summary", "all")
		test.TestRunner = counted(u)
		u.Add("test-unit", test, "the step test of build.zig")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if steps["run"] {
		u.Add("run", command(u, "zig", "build", "run"), "")
	}
	u.Add("format", stack.Exec("zig", "fmt", "."), "")
	u.Add("clean", stack.Exec("rm", "-rf", ".zig-cache", "zig-cache", "zig-out", ownCache), "")
	return nil
}

// ownCache is the cache of a project of which git does not ignore that of Zig, as one that "zig init" made.
const ownCache = ".davit/zig-cache"

// command returns a step that builds into a cache which git ignores.
func command(u *stack.Unit, argv ...string) plan.Step {
	if u.Ignores(".zig-cache") || u.Ignores("zig-cache") {
		return stack.Exec(argv...)
	}
	s := stack.Shell("# "+strings.Join(argv, " "), sdk.IgnoreScript(".davit"), sdk.Quote(argv...))
	s.Env = map[string]string{"ZIG_LOCAL_CACHE_DIR": ownCache}
	return s
}

// counted returns the runner whose tests the summary of Zig counts, or "": it does not count those of a program or of a
// runner of the project's own.
func counted(u *stack.Unit) string {
	text := u.Text("build.zig")
	if strings.Contains(text, ".addTest(") && !strings.Contains(text, ".test_runner") {
		return plan.RunnerZig
	}
	u.Decide("how many tests %s has is not counted: it does not run them by addTest with the runner of Zig", u.Manifest)
	return ""
}

// minimum matches the version of Zig that a project needs.
var minimum = regexp.MustCompile(`minimum_zig_version\s*=\s*"(\d+\.\d+\.\d+)"`)

// fmtCalls returns the calls of "zig fmt" in the pipelines.
func fmtCalls(u *stack.Unit) (text string) {
	for _, c := range u.Calls("zig") {
		if len(c.Words) > 1 && c.Words[1] == "fmt" {
			text += strings.Join(c.Words, " ") + "\n"
		}
	}
	return text
}
