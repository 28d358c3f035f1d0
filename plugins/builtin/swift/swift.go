// Package swift is the davit plugin for packages of Swift.
package swift

import (
	"regexp"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the packages of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "swift", Title: "Swift", Manifests: []string{"Package.swift"},
		Products: []string{".build/"},
		Plan:     plans,
		Absent: map[string]string{
			"test-unit":        "Package.swift has no test target",
			"test-functional":  "Swift has no mark for functional tests",
			"test-integration": "Swift has no mark for integration tests",
			"style":            "no pipeline runs a linter of Swift",
			"run":              "Package.swift has no executable",
			"package":          "a Dockerfile says more",
		},
	})
}

// plans adds the commands of one package.
func plans(u *stack.Unit) error {
	u.Use(swift(u))
	resolve := stack.Exec("swift", "package", "resolve")
	u.Prepare(resolve, "the packages of Package.swift")
	manifest := u.Text("Package.swift")
	style(u)
	build := stack.Exec("swift", "build")
	build.NoCache, build.NoCacheWhy = true, "Swift itself knows what is up to date"
	u.Add("build", build, "")
	if strings.Contains(manifest, ".testTarget(") {
		test := stack.Shell("# swift test", sdk.IgnoreScript(".davit"), "swift test --parallel --xunit-output .davit/swift-tests.xml")
		test.Reports = stack.JUnit(".davit/swift-tests*.xml")
		u.Add("test-unit", test, "swift test")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if strings.Contains(manifest, ".executable") {
		u.Add("run", stack.Exec("swift", "run"), "")
	}
	u.Add("clean", stack.Exec("swift", "package", "clean"), "")
	u.Add("upgrade", stack.Exec("swift", "package", "update"), "")
	return nil
}

// style offers the linters that a pipeline runs.
func style(u *stack.Unit) {
	if u.Runs("swiftlint") {
		u.Use(plan.Tool{Check: []string{"swiftlint", "version"}, Image: "ghcr.io/realm/swiftlint:latest", Install: "see https://github.com/realm/SwiftLint"})
		argv := []string{"swiftlint", "lint"}
		if u.Runs("swiftlint", "--strict") {
			argv = append(argv, "--strict")
		}
		u.AddAs("style", "swiftlint", stack.Exec(argv...), "the linters that the pipelines run")
		u.Use(swift(u))
	}
	if formats(u) || u.Exists(".swift-format") {
		u.Add("format", stack.Exec("swift", "format", "--in-place", "--recursive", "."), "")
	}
	if formats(u, "lint") {
		argv := []string{"swift", "format", "lint", "--recursive"}
		if formats(u, "lint", "--strict") || formats(u, "lint", "-s") {
			argv = append(argv, "--strict")
		}
		u.Add("style", stack.Exec(append(argv, ".")...), "the linters that the pipelines run")
	}
}

// formats reports whether the pipelines run swift-format with all of some words. Since Swift 6 it is a part of Swift.
func formats(u *stack.Unit, words ...string) bool {
	return u.Runs("swift-format", words...) || u.Runs("swift", append([]string{"format"}, words...)...)
}

// toolsVersion matches the line that names the oldest Swift which can read the package, from Swift 6 on.
var toolsVersion = regexp.MustCompile(`^//\s*swift-tools-version:\s*([6-9]\.\d+)`)

// swift returns the tool. There is an image of each minor version, and none of a major one.
func swift(u *stack.Unit) plan.Tool {
	t := plan.Tool{Check: []string{"swift", "--version"}, Image: "swift:6.0", Install: "see https://www.swift.org/install"}
	if found := toolsVersion.FindStringSubmatch(u.Text("Package.swift")); found != nil {
		t.Image = "swift:" + found[1]
	}
	return t
}
