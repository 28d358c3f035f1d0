// Package helm is the davit plugin for charts of Helm: "helm lint", "helm template" with the values that the chart has for
// tests, and the tests of the plugin unittest. Nothing is installed into a cluster.
package helm

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// Read plans the charts of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "helm", Title: "Helm", Manifests: []string{"Chart.yaml"},
		Supports: []string{"helm", "ct", "chart-testing", "helmfile"},
		Refuses:  refuses,
		Tool:     plan.Tool{Check: []string{"helm", "version"}, Image: "alpine/helm:3", Install: "see https://helm.sh/docs/intro/install"},
		Caches:   []plan.Cache{{ID: "helm", Env: "HELM_CACHE_HOME"}},
		Plan:     plans,
		Absent: map[string]string{
			"init":             "the charts have no dependencies in other places",
			"test-unit":        "helm template would need values that the chart has no default for; a file ci/*-values.yaml names some",
			"test-functional":  "helm test needs a cluster",
			"test-integration": "helm test needs a cluster",
			"format":           "Helm has no formatter",
			"run":              "there is no program",
			"package":          "a chart is no container image; davit build packs it",
			"deploy":           "davit does not install charts: helm upgrade --install does",
		},
	})
}

func refuses(u *stack.Unit) string {
	if sdk.IsTemplate(yaml.Parse(u.Text("Chart.yaml")).Get("name").Text()) {
		return "its name is a gap that a generator fills"
	}
	return ""
}

// plans adds the commands of one chart.
func plans(u *stack.Unit) error {
	chart := yaml.Parse(u.Text("Chart.yaml"))
	needs := len(chart.Get("dependencies").Items()) > 0 || u.Exists("requirements.yaml")
	if needs && len(u.List("charts")) == 0 {
		verb := "update"
		if u.FirstOf("Chart.lock", "requirements.lock") != "" {
			verb = "build"
		}
		s := stack.Exec("helm", "dependency", verb, ".")
		s.Outputs = []string{"charts/"}
		u.Prepare(s, "the charts that Chart.yaml depends on")
	}
	values := valuesFiles(u)
	lint(u, values)
	build := stack.Shell("# helm package", sdk.IgnoreScript(".davit"), "helm package . --destination .davit/helm")
	build.Outputs = []string{".davit/helm/"}
	u.Add("build", build, "the archive of the chart, in .davit/helm")
	if chart.Get("type").Text() != "library" && (len(values) > 0 || !demandsValues(u, "templates", 3)) {
		u.Add("test-unit", each("helm template .", values, " >/dev/null"), "helm template renders the chart")
	}
	unitTests(u)
	if needs {
		u.Add("upgrade", stack.Exec("helm", "dependency", "update", "."), "newer dependencies; Chart.lock has them")
	}
	return nil
}

// valuesFiles returns the values for tests, as chart-testing looks for them.
func valuesFiles(u *stack.Unit) (files []string) {
	for _, name := range u.List("ci") {
		if like, _ := path.Match("*values.yaml", name); like {
			files = append(files, "ci/"+name)
		}
	}
	return files
}

func lint(u *stack.Unit, values []string) {
	command := "helm lint ."
	if u.Runs("helm", "lint", "--strict") {
		command += " --strict"
	}
	s := each(command, values, "")
	s.ReadOnly = true
	u.Add("style", s, command)
}

// each returns a step that runs a command once for each file of values, or once without any.
func each(command string, values []string, behind string) plan.Step {
	if len(values) == 0 && behind == "" {
		return stack.Exec(strings.Fields(command)...)
	}
	lines := []string{"# " + command}
	for _, file := range values {
		lines = append(lines, command+" --values "+sdk.Quote(file)+behind)
	}
	if len(values) == 0 {
		lines = append(lines, command+behind)
	}
	return stack.Shell(lines...)
}

// demandsValues reports whether a template cannot be rendered without values of the user.
func demandsValues(u *stack.Unit, dir string, depth int) bool {
	return slices.ContainsFunc(u.List(dir), func(name string) bool {
		if bare, folder := strings.CutSuffix(name, "/"); folder {
			return depth > 0 && demandsValues(u, path.Join(dir, bare), depth-1)
		}
		return demand.MatchString(u.Text(path.Join(dir, name)))
	})
}

var demand = regexp.MustCompile(`\{\{[^}]*\b(required|fail)\s+["(]`)

// unitTests offers the tests of the plugin unittest, if the chart has some.
func unitTests(u *stack.Unit) {
	if !slices.ContainsFunc(u.List("tests"), func(name string) bool {
		return strings.HasSuffix(name, "_test.yaml") || strings.HasSuffix(name, "_test.yml")
	}) {
		return
	}
	u.Use(plan.Tool{Check: []string{"helm", "version"}, Image: "helmunittest/helm-unittest:latest", Install: "see https://helm.sh/docs/intro/install"})
	s := stack.Shell("# helm unittest", sdk.IgnoreScript(".davit"), "mkdir -p .davit/helm-tests",
		"helm unittest . --output-type JUnit --output-file .davit/helm-tests/junit.xml")
	s.Reports = stack.JUnit(".davit/helm-tests/junit.xml")
	s.Hint = "helm plugin install https://github.com/helm-unittest/helm-unittest"
	u.AddAs("test-unit", "unittest", s, "helm template renders the chart, and the plugin unittest tests it")
}
