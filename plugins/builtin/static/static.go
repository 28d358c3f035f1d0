// Package static is the davit plugin for sites of plain HTML: an index.html at the root of a repository that is published
// as it is, which GitHub Pages mark by a CNAME or a .nojekyll.
package static

import (
	"slices"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// generators mark sites that are made from other files.
var generators = []string{"_config.yml", "hugo.toml", "hugo.yaml", "config.toml", "mkdocs.yml", "conf.py", "Makefile"}

// Read plans the site of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "static", Title: "static HTML", Manifests: []string{"index.html"},
		Refuses: func(u *stack.Unit) string {
			if u.Dir != "." || u.FirstOf("CNAME", ".nojekyll") == "" || u.FirstOf(slices.Concat(generators, sdk.StackManifests)...) != "" {
				return "it is not published as it is"
			}
			return ""
		},
		Tool: plan.Tool{Check: []string{"python3", "--version"}, Image: "python:3", Install: "see https://www.python.org/downloads"},
		Plan: func(u *stack.Unit) error {
			u.Add("run", stack.Exec("python3", "-m", "http.server", "8000"), "a server for the files, at http://localhost:8000")
			return nil
		},
		Absent: map[string]string{
			"build":            "the site is published as it is",
			"test-unit":        "plain HTML has no tests",
			"test-functional":  "plain HTML has no tests",
			"test-integration": "plain HTML has no tests",
			"style":            "the plugin knows no linter for HTML",
			"package":          "a Dockerfile says which server the files are for",
		},
	})
}
