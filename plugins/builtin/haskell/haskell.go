// Package haskell is the davit plugin for packages of Haskell, which Stack builds if the project has a stack.yaml that no
// pipeline passes over for Cabal, and Cabal otherwise.
package haskell

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
		Name: "haskell", Title: "Haskell", Manifests: []string{"cabal.project", "stack.yaml", "*.cabal"},
		PassEnv:  []string{"CABAL_DIR", "STACK_ROOT"},
		Products: []string{"dist-newstyle/", ".stack-work/", "**/.stack-work/"},
		Plan:     plans,
		Absent: map[string]string{
			"init":             "each command downloads what it needs",
			"test-unit":        "no package has a test-suite",
			"test-functional":  "a test-suite has no mark for functional tests",
			"test-integration": "a test-suite has no mark for integration tests",
			"style":            "no pipeline calls HLint, Ormolu or Fourmolu",
			"run":              "there is not one executable",
			"package":          "a Dockerfile says which files a program needs",
		},
	})
}

// What a .cabal file defines, each at the start of a line.
var (
	suite      = regexp.MustCompile(`(?mi)^test-suite\s`)
	executable = regexp.MustCompile(`(?mi)^executable\s+(\S+)`)
	hpackTests = regexp.MustCompile(`(?m)^tests:`)
)

var (
	cabal    = plan.Tool{Check: []string{"cabal", "--version"}, Image: "haskell:9", Install: "see https://www.haskell.org/ghcup"}
	stackage = plan.Tool{Check: []string{"stack", "--version"}, Image: "haskell:9", Install: "see https://docs.haskellstack.org"}
)

func plans(u *stack.Unit) error {
	text := ""
	for _, name := range u.Files(func(name string) bool { return strings.HasSuffix(name, ".cabal") }) {
		text += u.Text(name) + "\n"
	}
	words := [4][]string{{"cabal", "build", "all"}, {"cabal", "test", "all", "--test-show-details=direct"}, {"cabal", "run"}, {"cabal", "clean"}}
	if useStack(u) {
		words = [4][]string{{"stack", "build"}, {"stack", "test"}, {"stack", "run"}, {"stack", "clean"}}
		u.Use(stackage)
	} else {
		u.Use(cabal)
	}
	build := stack.Exec(words[0]...)
	build.Hint = "if Cabal knows no packages at all, \"cabal update\" gets their index"
	build.NoCache, build.NoCacheWhy = true, words[0][0]+" itself knows what is up to date"
	u.Add("build", build, "")
	if suite.MatchString(text) || hpackTests.MatchString(u.Text("package.yaml")) {
		u.Add("test-unit", stack.Exec(words[1]...), "all test-suites, which write no report and print their own totals")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if found := executable.FindAllStringSubmatch(text, -1); len(found) == 1 {
		u.Add("run", stack.Exec(append(words[2], found[0][1])...), "the executable "+found[0][1])
	}
	for _, linter := range []struct{ program, script string }{
		{"hlint", "hlint ."}, {"ormolu", "ormolu --mode check $(git ls-files '*.hs')"}, {"fourmolu", "fourmolu --mode check $(git ls-files '*.hs')"},
	} {
		if u.Called(linter.program) {
			step := stack.Shell(linter.script)
			step.Tool = u.With(plan.Tool{Check: []string{linter.program, "--version"}, Install: "cabal install " + linter.program})
			u.AddAs("style", "style-"+linter.program, step, linter.program+", which a pipeline calls")
		}
	}
	u.Add("clean", stack.Exec(words[3]...), "")
	return nil
}

// useStack reports whether Stack builds the project: it has a stack.yaml, and no cabal.project or pipeline says Cabal.
func useStack(u *stack.Unit) bool {
	switch {
	case !u.Exists("stack.yaml"):
		return false
	case u.Called("stack"):
		return true
	case u.Called("cabal") || u.Exists("cabal.project"):
		u.Decide("Cabal and not Stack, because a pipeline calls it or there is a cabal.project")
		return false
	}
	return true
}
