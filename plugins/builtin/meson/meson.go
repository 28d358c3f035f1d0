// Package meson is the davit plugin for Meson. It builds in a folder of its own, which git ignores. A project that CMake
// builds too is left to that.
//
// Its configuration is {"define": ["tests=true"], "image": "…", "folders": ["lib"]}, each of them optional.
package meson

import (
	"regexp"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// A config is the table "config" of [plugins.meson].
type config struct {
	stack.Config
	// Define are options of the project: "tests=true".
	Define []string `json:"define"`
}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	c := &config{}
	return stack.Read(p, &stack.Stack{
		Name: "meson", Title: "Meson", Manifests: []string{"meson.build"}, Config: c,
		Refuses:  refuses,
		Products: []string{stack.Tree + "/"},
		Plan:     c.plan,
		Absent: map[string]string{
			"init":             "Meson fetches what it needs when it configures",
			"test-functional":  "Meson has no mark for functional tests, so they are part of test-unit",
			"test-integration": "Meson has no mark for integration tests, so they are part of test-unit",
			"style":            "Meson runs no linter",
			"format":           "Meson formats no sources",
			"run":              "Meson does not say which program is the project's; it builds them in " + stack.Tree,
			"package":          "which libraries a program needs is not known; a Dockerfile says it",
		},
	})
}

// refuses returns why a meson.build is no project that is built by Meson here.
func refuses(u *stack.Unit) string {
	switch text := u.Text("meson.build"); {
	case !isProject.MatchString(text):
		return "it has no project()"
	case u.Exists("CMakeLists.txt"):
		return "there is a CMakeLists.txt beside it, and CMake comes first; [plugins.cmake] off = true chooses Meson"
	case strings.Contains(u.Text("pyproject.toml"), "mesonpy"):
		return "pyproject.toml builds it"
	}
	return ""
}

var isProject = regexp.MustCompile(`(?m)^\s*project\s*\(`)

func (c *config) plan(u *stack.Unit) error {
	text := u.Text("meson.build")
	u.Use(tool(text))
	words, left := u.Switches(testOptions(u.Text(u.FirstOf("meson.options", "meson_options.txt"))), "true", []string{"meson"}, c.Define)
	configure := "[ -e " + stack.Tree + "/build.ninja ] || " + sdk.Quote(append([]string{"meson", "setup", stack.Tree}, words...)...)
	install, compile := stack.Debian("meson", "meson"), "meson compile -C "+stack.Tree
	build := stack.InTree("meson compile -C "+stack.Tree, install, configure, compile+` "$@"`)
	build.NoCache, build.NoCacheWhy = true, "Meson itself knows what is up to date"
	u.Add("build", build, "Meson builds in "+stack.Tree)
	test := stack.InTree("meson test -C "+stack.Tree, install, configure, compile, "meson test -C "+stack.Tree+` --print-errorlogs "$@"`)
	test.Reports = stack.JUnit(stack.Tree + "/meson-logs/testlog.junit.xml")
	if len(left) > 0 {
		test.Hint = "options that are off may leave out tests (" + sdk.Listed(left, 5) + `): [plugins.meson] config = { define = ["` + left[0] + `=true"] }`
	}
	u.Add("test-unit", test, "meson test")
	u.Includes("test-unit", "test-functional", "test-integration")
	u.Add("clean", stack.Shell("rm -rf "+stack.Tree), "")
	return nil
}

// tool returns Meson in the version that the project asks for.
func tool(text string) plan.Tool {
	t := plan.Tool{Check: []string{"meson", "--version"}, Image: "buildpack-deps:bookworm", Install: "see https://mesonbuild.com/Getting-meson.html"}
	if found := version.FindStringSubmatch(text); found != nil {
		t.Version = ">=" + found[1]
	}
	return t
}

var version = regexp.MustCompile(`meson_version\s*:\s*'>=?\s*([0-9.]*[0-9])`)

// testOptions returns the switches with "test" in their names that are off by default.
func testOptions(text string) (names []string) {
	for _, call := range regexp.MustCompile(`(?s)\boption\s*\((.*?)\)\s*(?:\n|$)`).FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`^\s*'([^']*test[^']*)'`).FindStringSubmatch(call[1])
		if name != nil && regexp.MustCompile(`value\s*:\s*false`).MatchString(call[1]) {
			names = append(names, name[1])
		}
	}
	return names
}
