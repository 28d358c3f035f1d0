package app

import (
	"os"
	"path"
	"slices"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/runner"
)

// addEnvironments adds the steps that fill the environments which other steps use: the recipe of a Makefile may
// call a program that npm installs.
func (m *merger) addEnvironments() {
	for _, id := range slices.Clone(m.ids) {
		s := m.steps[id]
		if s.Plugin == ownProvider {
			for _, u := range m.project.usesOf(s.Plan) {
				s.Plan.Environments = append(s.Plan.Environments, u.Environment)
			}
		}
		for _, e := range s.Plan.Environments {
			m.addEnvironment(s, e)
		}
	}
}

// addEnvironment makes a step need the steps that fill an environment, except those that need the step.
func (m *merger) addEnvironment(s *runner.Step, e plan.Environment) {
	provider, dir, ids := m.project.fillers(e)
	for _, id := range ids {
		full := provider + ":" + id
		if m.add(provider, id); m.follows(full, s.ID) {
			continue
		}
		s.Plan.Needs = appendNew(s.Plan.Needs, full)
		s.Plan.Path = appendNew(s.Plan.Path, m.steps[full].Plan.Path...)
		s.Plan.Path = appendNew(s.Plan.Path, recipes.Folders(plan.Environment{Stack: e.Stack, Dir: dir})...)
	}
}

// fillers returns the steps of "init" of a stack that fill its environment for a folder, or for the nearest one
// above it.
func (p *Project) fillers(e plan.Environment) (provider, dir string, ids []string) {
	for _, o := range p.Offers {
		for dir = path.Clean(e.Dir); o.Plan.Stack == e.Stack; dir = path.Dir(dir) {
			if ids = fillersIn(o.Plan, dir); len(ids) > 0 {
				return o.Provider, dir, ids
			}
			if dir == "." {
				break
			}
		}
	}
	return "", "", nil
}

// fillersIn returns the steps of "init" that fill the environment of a folder: the one that the first of them
// fills. Linters may have others of their own.
func fillersIn(p *plan.Plan, dir string) (ids []string) {
	filled := ""
	for _, id := range p.Targets["init"] {
		s := p.Steps[id]
		if s.Provides == nil || path.Clean(s.Dir) != dir || filled != "" && filled != s.Provides.Dir {
			continue
		}
		filled = s.Provides.Dir
		ids = append(ids, id)
	}
	return ids
}

// usesOf returns the environments that the command of a target of project.toml uses.
func (p *Project) usesOf(s plan.Step) []recipes.Use {
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil || !isCommand(s) {
		return nil
	}
	defer root.Close()
	r := recipes.NewReader(&sdk.Project{FS: regular.FS(root)})
	if s.Op == plan.OpExec {
		s.Script = sdk.Quote(s.Argv...)
	}
	r.Read(s.Dir, s.Script)
	return r.Uses()
}

// appendNew appends those of the others that a list lacks.
func appendNew(list []string, others ...string) []string {
	for _, one := range others {
		if !slices.Contains(list, one) {
			list = append(slices.Clip(list), one)
		}
	}
	return list
}
