// Package clojure is the davit plugin for projects of Clojure: those of Leiningen, and those of the Clojure CLI whose
// deps.edn has an alias that runs tests.
package clojure

import (
	"regexp"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "clojure", Title: "Clojure", Manifests: []string{"project.clj", "deps.edn"},
		PassEnv:  []string{"JAVA_HOME", "LEIN_HOME", "LEIN_JVM_OPTS", "CLJ_CONFIG"},
		Products: []string{"target/", ".cpcache/", "classes/"},
		Plan:     plans,
		Absent: map[string]string{
			"build":            "deps.edn says nothing of a build",
			"test-unit":        "there is no folder test, or deps.edn has no alias test that runs it",
			"test-functional":  "Clojure has no mark for functional tests",
			"test-integration": "Clojure has no mark for integration tests",
			"style":            "no pipeline calls clj-kondo or cljfmt",
			"run":              "project.clj has no :main",
			"package":          "a Dockerfile says which files a program needs",
		},
	})
}

var (
	comment   = regexp.MustCompile(`(?m);.*$`)
	main      = regexp.MustCompile(`:main\s+\^?[\w:{]`)
	testAlias = regexp.MustCompile(`(?s):(test)\s*\{(?:[^{}]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})*(:main-opts|:exec-fn)`)
)

func plans(u *stack.Unit) error {
	if u.Exists("project.clj") {
		lein(u)
	} else {
		cli(u)
	}
	if u.Called("clj-kondo") {
		step := stack.Exec("clj-kondo", "--lint", ".")
		step.ReadOnly = true
		step.Tool = u.With(plan.Tool{Check: []string{"clj-kondo", "--version"}, Install: "see https://github.com/clj-kondo/clj-kondo"})
		u.AddAs("style", "style-clj-kondo", step, "clj-kondo, which a pipeline calls")
	}
	return nil
}

// lein offers the commands of Leiningen.
func lein(u *stack.Unit) {
	u.Use(plan.Tool{Check: []string{"lein", "--version"}, Image: "clojure:lein", Install: "see https://leiningen.org"})
	u.Prepare(stack.Exec("lein", "deps"), "the dependencies of project.clj")
	build := stack.Exec("lein", "compile")
	build.NoCache, build.NoCacheWhy = true, "Leiningen itself knows what is up to date"
	u.Add("build", build, "")
	if u.Exists("test") {
		u.Add("test-unit", stack.Exec("lein", "test"), "lein test, which writes no report")
		u.Includes("test-unit", "test-functional", "test-integration")
	}
	if main.MatchString(comment.ReplaceAllString(u.Text("project.clj"), "")) {
		u.Add("run", stack.Exec("lein", "run"), ":main of project.clj")
	}
	u.Add("clean", stack.Exec("lein", "clean"), "")
}

// cli offers the commands of the Clojure CLI.
func cli(u *stack.Unit) {
	u.Use(plan.Tool{Check: []string{"clojure", "--version"}, Image: "clojure:tools-deps", Install: "see https://clojure.org/guides/install_clojure"})
	u.Prepare(stack.Exec("clojure", "-P"), "the dependencies of deps.edn")
	found := testAlias.FindStringSubmatch(comment.ReplaceAllString(u.Text("deps.edn"), ""))
	if found == nil || !u.Exists("test") {
		return
	}
	flag := map[string]string{":main-opts": "-M:test", ":exec-fn": "-X:test"}[found[2]]
	u.Add("test-unit", stack.Exec("clojure", flag), "the alias test of deps.edn, which writes no report")
	u.Includes("test-unit", "test-functional", "test-integration")
}
