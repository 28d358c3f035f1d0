// Package mkdocs is the davit plugin for sites of MkDocs. One that documents a package of the repository is not offered:
// its build is no part of that of the package.
package mkdocs

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the sites of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "mkdocs", Title: "MkDocs", Manifests: []string{"mkdocs.yml", "mkdocs.yaml"},
		Refuses: func(u *stack.Unit) string {
			if u.Beside("requirements.txt", "Pipfile") {
				return "it documents a project of another stack"
			}
			return ""
		},
		Products: []string{"site/"},
		Plan:     plans,
		Absent: map[string]string{
			"test-unit":        "MkDocs has no tests: the build finds what is wrong",
			"test-functional":  "MkDocs has no tests",
			"test-integration": "MkDocs has no tests",
			"style":            "MkDocs has no linter",
			"format":           "MkDocs has no formatter",
		},
	})
}

// plans adds the commands of one site.
func plans(u *stack.Unit) error {
	path := u.PipEnvironment(plan.Tool{Check: []string{"mkdocs", "--version"}, Image: "squidfunk/mkdocs-material:9",
		Install: "python3 -m pip install mkdocs"}, "requirements.txt", "docs/requirements.txt", "requirements-docs.txt")
	argv, to := []string{"mkdocs", "build"}, "site"
	if u.Runs("mkdocs", "--strict") || u.Runs("mkdocs", "-s") {
		argv = append(argv, "--strict")
	}
	if !u.Ignores(to) {
		to = ".davit/site"
	}
	step := func(to string) plan.Step {
		s := stack.Shell("# mkdocs build", sdk.IgnoreScript(".davit"), sdk.Quote(append(argv, "--site-dir", to)...))
		s.Path, s.NoCache, s.NoCacheWhy = path, true, "plugins of the site may read anything"
		return s
	}
	u.Add("build", step(to), "the site, in "+to)
	serve := stack.Exec("mkdocs", "serve")
	serve.Path = path
	u.Add("run", serve, "")
	u.Add("clean", stack.Exec("rm", "-rf", "site", ".davit/site"), "")
	u.Site(step(".davit/site"), ".davit/site")
	return nil
}
