package golang

import (
	"maps"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A builder is the plan of a repository in the making.
type builder struct {
	*sdk.Builder
	repo *repo
}

// passedVariables are the variables of the caller that change what Go does.
var passedVariables = []string{
	"CGO_ENABLED", "GOARCH", "GOEXPERIMENT", "GOFLAGS", "GONOSUMDB", "GOOS", "GOPRIVATE", "GOPROXY",
	"GOTOOLCHAIN", "GOWORK",
}

// noCaches are the caches of steps that do not build.
var noCaches = []plan.Cache{}

// add adds a step of a module to the plan and to a target. The step runs in the module's folder. Unless it
// says otherwise, its tool is the go command, with the caches and settings of Go. Linters have settings of
// their own.
func (b *builder) add(m *module, target, id string, s plan.Step, linters ...string) {
	if m.workOff {
		s.Env = with(s.Env, "GOWORK", "off")
	}
	if s.Tool == "" {
		s.Tool = "go"
	}
	if s.Caches == nil {
		s.Caches = []plan.Cache{sdk.GoModCache, sdk.GoBuildCache}
	}
	if len(s.Caches) > 0 && s.PassEnv == nil {
		s.PassEnv = passedVariables
	}
	if len(s.Caches) > 0 && !s.NoCache && !s.Interactive && target != "upgrade" { // its result may be kept
		s.Settings = append(sdk.Settings(append([]string{"go"}, linters...)...), s.Settings...)
	}
	if len(s.Caches) > 0 && target != "init" && target != "upgrade" && s.Consumes == nil { // it compiles
		s.Consumes = m.embeds
	}
	b.AddIn(m.dir, target, id, s)
}

func with(env map[string]string, name, value string) map[string]string {
	out := map[string]string{name: value}
	maps.Copy(out, env)
	return out
}

// goStep returns a step that runs a go command over the whole module.
func (b *builder) goStep(m *module, argv ...string) plan.Step {
	return plan.Step{Op: plan.OpExec, Argv: append([]string{"go"}, argv...), Inputs: b.repo.inputs(m)}
}

// script returns a step that runs a shell script over the whole module.
func (b *builder) script(m *module, lines ...string) plan.Step {
	return plan.Step{Op: plan.OpShell, Script: strings.Join(lines, "\n"), Inputs: b.repo.inputs(m)}
}

// inputs returns the inputs of a step of a module that compiles: all files but the programs that davit
// builds. A package may embed any file of its module, and cgo may include any file of the project. A Go file
// beside the programs is an input: Go would compile it.
func (r *repo) inputs(m *module) (globs []string) {
	modules := r.modules
	if len(modules) > sdk.MaxExcluded {
		modules = []*module{m}
	}
	for _, m := range modules {
		for _, name := range m.built() {
			globs = append(globs, "!"+name)
		}
	}
	return globs
}
