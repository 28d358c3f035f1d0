// Package sphinx is the davit plugin for documents of Sphinx. Those of a package of the repository are not offered: their
// build is no part of that of the package.
package sphinx

import (
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the documents of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "sphinx", Title: "Sphinx", Manifests: []string{"conf.py"},
		Refuses: func(u *stack.Unit) string {
			text := u.Text("conf.py")
			switch {
			case !strings.Contains(text, "extensions") && !strings.Contains(text, "html_theme"):
				return "it is no configuration of Sphinx"
			case u.Beside("requirements.txt", "Pipfile"):
				return "it documents a project of another stack"
			}
			return ""
		},
		Products: []string{"_build/"},
		Plan:     plans,
		Absent: map[string]string{
			"test-unit":        "Sphinx has no tests: the build finds what is wrong",
			"test-functional":  "Sphinx has no tests",
			"test-integration": "Sphinx has no tests",
			"style":            "Sphinx has no linter",
			"format":           "Sphinx has no formatter",
			"run":              "Sphinx has no server",
		},
	})
}

// plans adds the commands of one folder of documents.
func plans(u *stack.Unit) error {
	path := u.PipEnvironment(plan.Tool{Check: []string{"sphinx-build", "--version"}, Image: "sphinxdoc/sphinx:latest",
		Install: "python3 -m pip install sphinx"}, "requirements.txt", "../requirements.txt", "../requirements-docs.txt")
	argv := []string{"sphinx-build", "-b", "html"}
	if u.Runs("sphinx-build", "-W") || u.Runs("make", "SPHINXOPTS=-W") {
		argv = append(argv, "-W")
	}
	argv = append(argv, "-d", ".davit/doctrees", ".")
	to := ".davit/site"
	if u.Ignores("_build") {
		to = "_build/html"
	}
	step := func(to string) plan.Step {
		s := stack.Shell("# sphinx-build -b html", sdk.IgnoreScript(".davit"), sdk.Quote(append(argv, to)...))
		s.Path, s.NoCache, s.NoCacheWhy = path, true, "extensions may read anything"
		return s
	}
	u.Add("build", step(to), "the documents, in "+to)
	u.Add("clean", stack.Exec("rm", "-rf", "_build", ".davit/site", ".davit/doctrees"), "")
	u.Site(step(".davit/site"), ".davit/site")
	return nil
}
