package app

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/templates/pipeline"
)

// reportsFolder is where pipelines have the reports of tests.
const reportsFolder = "reports"

// checkJobs are the jobs of a pipeline that check and build, each with its targets.
var checkJobs = []struct {
	name    string
	targets []string
}{{"lint", []string{"style", "complexity"}}, {"security", []string{"security"}}, {"test", []string{"test"}}, {"build", []string{"build"}}}

// Pipeline returns what the pipeline of the project does, for a release of davit ("" for the newest), and environments in
// the order of promotion. Nothing is executed, and it depends on nothing but the files of the project.
func (p *Project) Pipeline(version string, environments []release.Environment) (*pipeline.Pipeline, error) {
	if len(p.Failures) > 0 {
		return nil, incomplete("the pipeline", p.Failures)
	}
	if above := repositoryAbove(p.Root.Dir); above != "" {
		return nil, usage("a pipeline of "+above+" can have the commands that davit targets lists",
			"the project is a folder of a repository, and CI systems read pipelines at the root of one")
	}
	out := &pipeline.Pipeline{Version: version, Check: "davit ci", Results: p.Config.Env == "strict" || p.Config.On == onContainer}
	if p.HasTarget("ci") {
		out.Check = "davit --command ci"
	}
	b := pipelineBuilder{Project: p, out: out, covered: map[string]bool{}}
	for _, j := range checkJobs {
		if err := b.addJob(j.name, j.targets); err != nil {
			return nil, err
		}
	}
	if err := b.addRest(); err != nil {
		return nil, err
	}
	b.addImage()
	out.Deploys = p.deployJobs(environments)
	if len(out.Jobs)+len(out.Deploys) == 0 && out.Image == nil {
		return nil, b.nothing()
	}
	if len(out.Jobs) == 0 {
		out.Jobs = []pipeline.Job{{Name: "pipeline", Container: generalImage}}
	}
	b.noteUnreached()
	return out, nil
}

// repositoryAbove returns the root of the repository that a folder is in, if it is not the folder itself.
func repositoryAbove(dir string) string {
	for at := dir; !exists(filepath.Join(at, ".git")); at = filepath.Dir(at) {
		if at == filepath.Dir(at) {
			return ""
		}
		if above := filepath.Dir(at); exists(filepath.Join(above, ".git")) {
			return above
		}
	}
	return ""
}

// generalImage has what scripts need that call nothing of a stack.
const generalImage = "buildpack-deps:bookworm"

// oneImage returns the image in which all steps can run; "" if there is none, or if they need an engine anyway.
func (p *Project) oneImage(steps []runner.Step) (image string) {
	for _, s := range steps {
		needed := stepImages{p}.imageFor(s)
		if image != "" && needed != "" && image != needed || len(s.Plan.Services) > 0 {
			return ""
		}
		image = cmp.Or(image, needed)
	}
	if !pipeline.Plain(image) {
		return ""
	}
	return cmp.Or(image, generalImage)
}

// secretVariables returns the variables with the secrets that steps get.
func (p *Project) secretVariables(steps []runner.Step) (all []pipeline.Variable) {
	for _, s := range steps {
		for _, asked := range s.Plan.Secrets {
			v := pipeline.Variable{Name: p.Config.Secrets[asked.ID].Env, Secret: true}
			if v.Name != "" && !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	slices.SortFunc(all, func(a, b pipeline.Variable) int { return strings.Compare(a.Name, b.Name) })
	return all
}
