package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
)

// limit is the complexity of a function above which "complexity" fails, for tools without a configuration.
const limit = "15"

// checks offers complexity and security if the project has tools for them.
func (b *builder) checks(m *module) {
	g := b.golangci(m)
	b.complexity(m, g)
	b.sast(m, g)
	b.scan(m)
	b.watch(m)
}

func (b *builder) complexity(m *module, g *golangci) {
	if linters := g.enabledAmong("gocyclo", "cyclop", "gocognit", "nestif", "funlen"); len(linters) > 0 {
		b.add(m, "complexity", "complexity", b.golangciStep(m, g, "--enable-only",
			strings.Join(linters, ",")), "golangci-lint")
		b.Explain("complexity", "golangci-lint runs "+strings.Join(linters, ", ")+" alone")
	}
	for _, name := range []string{"gocyclo", "gocognit"} {
		if p := b.repo.find(m, name); p != nil {
			s := b.program(m, p, "-over", limit, ".")
			b.add(m, "complexity", name, s)
			b.Explain("complexity", name+" fails above "+limit+"; it comes from "+p.from)
		}
	}
}

// program returns a step that runs a program over the whole module. The image of Go lacks programs that have
// to be installed, so in a container "go run" fetches them. On the host, davit checks for the tool before the
// step starts.
func (b *builder) program(m *module, p *program, args ...string) plan.Step {
	argv := append(slices.Clone(p.argv), args...)
	if p.fetch == "" {
		return plan.Step{Op: plan.OpExec, Argv: argv, Tool: p.tool, Inputs: b.repo.inputs(m)}
	}
	rest := sdk.Quote(args...)
	s := b.script(m, strings.TrimSpace("# "+p.argv[0]+" "+rest), "run="+p.argv[0],
		"command -v $run >/dev/null || run='go run "+p.fetch+"'",
		strings.Join(strings.Fields("$run "+rest+` "$@"`), " "))
	s.Tool = p.tool
	return s
}

func (b *builder) sast(m *module, g *golangci) {
	file := b.repo.tree.nearest(m.dir, ".gosec.json", "gosec.json")
	p := b.repo.find(m, "gosec")
	switch {
	case len(g.enabledAmong("gosec")) > 0:
		b.add(m, "security-sast", "gosec", b.golangciStep(m, g, "--enable-only", "gosec"), "golangci-lint")
		b.Explain("security-sast", "golangci-lint runs gosec alone")
		return
	case p == nil && file == "":
		return
	case p == nil:
		p = b.fetched(devtools.Tool{Name: "gosec", Repository: "securego/gosec"}, file, plan.Tool{
			Check:   []string{"gosec", "-version"},
			Install: "go install github.com/securego/gosec/v2/cmd/gosec@latest",
		}, "github.com/securego/gosec/v2/cmd/gosec@v2.26.1")
	}
	var flags []string
	if file != "" {
		flags = []string{"-conf", relFile(m.dir, file)}
	}
	b.add(m, "security-sast", "gosec", b.program(m, p, append(flags, "./...")...))
	b.Explain("security-sast", "gosec comes from "+p.from)
}

// relFile returns the path of a file as seen from a folder beside it or below it.
func relFile(dir, file string) string {
	if sdk.Inside(file, dir) {
		return strings.TrimPrefix(relPath(file, dir), "./")
	}
	return "../" + relFile(path.Dir(dir), file)
}

// scan queries the database of known vulnerabilities, so its result is never cached.
func (b *builder) scan(m *module) {
	p := b.repo.find(m, "govulncheck")
	if p == nil {
		return
	}
	s := b.program(m, p, append(b.repo.config.flags(), "./...")...)
	s.NoCache = true
	b.add(m, "security-dependency-scan", "govulncheck", s)
	b.Explain("security-dependency-scan", "govulncheck comes from "+p.from)
}

func (b *builder) watch(m *module) {
	if !b.repo.tree.has(path.Join(m.dir, ".air.toml")) {
		return
	}
	p := b.repo.find(m, "air")
	if p == nil {
		t := plan.Tool{Check: []string{"air", "-v"}, Install: "go install github.com/air-verse/air@latest"}
		p = b.fetched(devtools.Tool{Name: "air"}, ".air.toml", t, "github.com/air-verse/air@v1.67.4")
	}
	s := b.program(m, p)
	s.Interactive = true
	b.add(m, "watch", "air", s)
	b.Explain("watch", "air, because of "+path.Join(m.dir, ".air.toml"))
}
