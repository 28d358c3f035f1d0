// Package dart is the davit plugin for packages of Dart and Flutter.
package dart

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// Read plans the packages of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "dart", Title: "Dart", Manifests: []string{"pubspec.yaml"},
		Caches:   []plan.Cache{{ID: "pub", Env: "PUB_CACHE"}},
		Products: []string{".dart_tool/", "build/"},
		Plan:     plans,
		Absent: map[string]string{
			"build":            "a package of Dart is not built; flutter build needs the platform",
			"test-unit":        "the package has no file test/*_test.dart",
			"test-functional":  "Dart has no mark for functional tests",
			"test-integration": "tests in integration_test need a device",
			"run":              "there is no bin/NAME.dart, NAME being that of the package",
			"package":          "a Dockerfile says more",
		},
	})
}

// plans adds the commands of one package.
func plans(u *stack.Unit) error {
	spec := yaml.Parse(u.Text("pubspec.yaml"))
	program, image := "dart", "dart:stable"
	if len(spec.Get("dependencies").Get("flutter").Entries()) > 0 || strings.Contains(u.Text("pubspec.yaml"), "sdk: flutter") {
		program, image = "flutter", "ghcr.io/cirruslabs/flutter:stable"
	}
	u.Use(plan.Tool{Check: []string{program, "--version"}, Image: image, Install: "see https://dart.dev/get-dart"})
	u.Prepare(stack.Exec(program, "pub", "get"), "the packages of pubspec.yaml")
	u.Add("style", stack.Exec(analyze(u, program)...), program+" analyze")
	if !u.Runs(program) || u.Runs("dart", "format") {
		format := stack.Exec("dart", "format", "--output=none", "--set-exit-if-changed", ".")
		format.ReadOnly = true
		u.AddAs("style", "format-check", format, program+" analyze and dart format")
	}
	if hasTests(u, "test", 3) {
		test := stack.Exec(program, "test", "--reporter", "expanded")
		test.TestRunner = plan.RunnerDart
		u.Add("test-unit", test, program+" test, which fails if there is no test")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if main := "bin/" + spec.Get("name").Text() + ".dart"; program == "dart" && u.Exists(main) {
		u.Add("run", stack.Exec("dart", "run"), main)
	}
	u.Add("format", stack.Exec("dart", "format", "."), "")
	u.Add("upgrade", stack.Exec(program, "pub", "upgrade"), "")
	u.Add("clean", stack.Exec("rm", "-rf", ".dart_tool", "build"), "")
	return nil
}

// analyze returns the command that analyzes, as strictly as the pipelines do. Dart passes over infos by itself, and Flutter
// does not.
func analyze(u *stack.Unit, program string) []string {
	argv := []string{program, "analyze"}
	for _, flag := range []string{"--fatal-infos", "--no-fatal-infos", "--no-fatal-warnings"} {
		if u.Runs(program, "analyze", flag) {
			argv = append(argv, flag)
		}
	}
	return argv
}

// hasTests reports whether a folder has files of tests.
func hasTests(u *stack.Unit, dir string, depth int) bool {
	for _, name := range u.List(dir) {
		bare, folder := strings.CutSuffix(name, "/")
		if strings.HasSuffix(name, "_test.dart") || folder && depth > 0 && hasTests(u, dir+"/"+bare, depth-1) {
			return true
		}
	}
	return false
}
