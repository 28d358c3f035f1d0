package golang

import (
	"maps"
	"strings"
)

// absent has the reasons why common targets are not offered.
var absent = map[string]string{
	"init":             "no module needs another one that is not in the repository",
	"test-unit":        "there is no _test.go file",
	"test-functional":  "Go has no mark for functional tests",
	"test-integration": "no test file has the build tag \"integration\"",
	"style":            "there is no Go file",
	"complexity": "neither golangci-lint's configuration nor a tool of go.mod asks for it; " +
		"go get -tool github.com/fzipp/gocyclo/cmd/gocyclo adds one",
	"security-sast": "neither golangci-lint's configuration nor a tool of go.mod asks for it; " +
		"go get -tool github.com/securego/gosec/v2/cmd/gosec adds one",
	"security-dependency-scan": "no tool of go.mod does it; go get -tool golang.org/x/vuln/cmd/govulncheck adds one",
	"watch":                    "there is no .air.toml",
	"clean":                    "no package is a command, and Go keeps nothing else in the project (go clean -cache empties its cache)",
}

// explain records for each target why it is as it is, or why it is absent.
func (b *builder) explain() {
	reasons := maps.Clone(absent)
	if !b.runsVet() { // there is Go, and a pipeline that checks it
		reasons["style"] = "the pipeline checks Go by tools that davit does not run for it; davit explain --ci shows them"
	}
	b.ExplainAbsent(reasons)
	b.explainBuild()
	b.explainStyle()
	if b.Offers("init") {
		b.Explain("init", "fetches all modules at once; the other targets fetch what they need by themselves")
	}
	if b.Offers("test-unit") {
		b.Explain("test-unit", "go test ./...")
	}
	if b.Offers("test-integration") {
		b.Explain("test-integration", "test files have the build tag \"integration\"")
	}
}

func (b *builder) explainBuild() {
	var outs []string
	for _, m := range b.repo.modules {
		if len(m.mains()) > 0 {
			outs = append(outs, m.out+"/")
		}
		if m.vendored {
			b.repo.decisions.Add("%s keeps its dependencies in vendor, so there is nothing to fetch",
				describeModule(m.dir))
		}
	}
	why := "go build ./... compiles every package; none is a command, so it leaves nothing"
	if outs != nil {
		why = "go build ./... compiles every package, and commands go to " + strings.Join(outs, ", ")
	}
	b.Explain("build", why)
}

func (b *builder) explainStyle() {
	parts := []string{}
	for _, id := range b.Targets["style"] {
		part, _, _ := strings.Cut(id, "@")
		if !strings.Contains(strings.Join(parts, " "), part) {
			parts = append(parts, part)
		}
	}
	why := strings.Join(parts, ", ")
	if !strings.Contains(why, "golangci-lint") && !strings.Contains(why, "staticcheck") {
		why += "; neither golangci-lint nor staticcheck is configured"
	}
	if b.Offers("style") {
		b.Explain("style", why)
	}
}
