package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// style offers checks of the format and "go vet" unless the pipeline does without them, and the linters that the project
// has configured, or that its pipeline calls. Each is a step of its own, so they run in parallel.
func (b *builder) style(m *module) {
	if paths := b.repo.formatted(m); paths != "" {
		f := b.formatter(m)
		check := b.formatStep(m, f, formatCheck(f, paths))
		check.ReadOnly = true
		if b.checksFormat(f) {
			b.add(m, "style", "format-check", check)
		}
		b.add(m, "format", "format", b.formatStep(m, f, f.command()+` "$@" -w `+paths))
	}
	if b.runsVet() {
		vet := b.goStep(m, append(append([]string{"vet"}, b.repo.config.flags()...), "./...")...)
		vet.ReadOnly = true
		b.add(m, "style", "vet", vet)
	}
	if p := b.staticcheck(m); p != nil {
		b.add(m, "style", "staticcheck", b.program(m, p, append(b.repo.config.flags(), "./...")...), "staticcheck")
		b.repo.decisions.Add("staticcheck is part of style, because of %s", p.from)
	}
	if g := b.golangci(m); g != nil {
		b.add(m, "style", "golangci-lint", b.golangciStep(m, g), "golangci-lint")
		b.repo.decisions.Add("golangci-lint is part of style, because of %s", g.from)
	}
}

func (b *builder) staticcheck(m *module) *program {
	if p := b.repo.find(m, "staticcheck"); p != nil {
		return p
	}
	if file := b.repo.tree.nearest(m.dir, "staticcheck.conf"); file != "" {
		name := devtools.Tool{Name: "staticcheck", Repository: "dominikh/go-tools", Action: "dominikh/staticcheck-action"}
		return b.fetched(name, file, plan.Tool{
			Check:   []string{"staticcheck", "-version"},
			Install: "go install honnef.co/go/tools/cmd/staticcheck@latest",
		}, "honnef.co/go/tools/cmd/staticcheck@v0.8.2")
	}
	return nil
}

// formatter returns gofmt, or the stricter formatter among the tools of the module.
func (b *builder) formatter(m *module) *program {
	for _, name := range []string{"gofumpt", "goimports"} {
		if p := b.repo.find(m, name); p != nil {
			b.repo.decisions.Add("%s formats, because of %s", name, p.from)
			return p
		}
	}
	if i := slices.IndexFunc(b.repo.pipeline.Calls, simplifies); i >= 0 {
		b.repo.decisions.Add("gofmt also simplifies (-s), because of %s", b.repo.pipeline.Calls[i].File)
		return &program{argv: []string{"gofmt", "-s"}}
	}
	return &program{argv: []string{"gofmt"}}
}

// simplifies reports whether a command of a pipeline has gofmt simplify code too: "gofmt -s -l .".
func simplifies(c pipelines.Call) bool {
	words := strings.Fields(strings.Join(c.Words, " "))
	for i, w := range words {
		if !strings.HasSuffix(w, "gofmt") {
			continue
		}
		for _, flag := range words[i+1:] {
			if !strings.HasPrefix(flag, "-") {
				break
			}
			if strings.TrimLeft(flag, "-") == "s" {
				return true
			}
		}
	}
	return false
}

func (b *builder) formatStep(m *module, f *program, script string) plan.Step {
	s := b.script(m, script)
	if f.from != "" {
		return s // Go reads the files of its module to find it
	}
	if !sdk.HasGlobMeta(m.dir) { // gofmt has no configuration
		s.Inputs = []string{path.Join(m.dir, "**/*.go")}
	}
	s.Caches = noCaches
	return s
}

// formatCheck returns a script that fails if the formatter lists a file; the formatter itself exits 0.
// Generated files do not count.
func formatCheck(f *program, paths string) string {
	return `unformatted=$(` + f.command() + ` -l ` + paths + `) || exit
[ -n "$unformatted" ] || exit 0
status=0
while IFS= read -r file; do
	while IFS= read -r line; do
		case $line in
		"// Code generated "*" DO NOT EDIT."*) continue 2 ;;
		"package "*) break ;;
		esac
	done <"$file"
	echo "$file is not formatted (` + f.name() + `)"
	status=1
done <<END
$unformatted
END
exit $status`
}

// formatted returns the arguments of the formatter: a folder if Go builds all that is in it, else its files
// and folders. A formatter would also enter vendor, testdata and other modules.
func (r *repo) formatted(m *module) string {
	paths, _ := r.formatPaths(m, r.tree.at[m.dir])
	return strings.Join(paths, " ")
}

func (r *repo) formatPaths(m *module, f *folder) (paths []string, complete bool) {
	rel := strings.TrimPrefix(relPath(f.dir, m.dir), "./")
	complete = true
	if f.hasGo() {
		paths = append(paths, strings.TrimPrefix(sdk.Quote(rel)+"/*.go", "./"))
	}
	for _, name := range f.folders {
		child := r.tree.at[path.Join(f.dir, name)]
		if child == nil || child.has("go.mod") {
			complete = false
			continue
		}
		inner, all := r.formatPaths(m, child)
		paths, complete = append(paths, inner...), complete && all
	}
	if complete && len(paths) > 0 && rel != "." {
		return []string{sdk.Quote(rel)}, true
	}
	return paths, complete
}

func (f *folder) hasGo() bool {
	for _, file := range f.files {
		if strings.HasSuffix(file, ".go") && !strings.HasPrefix(file, ".") {
			return true
		}
	}
	return false
}
