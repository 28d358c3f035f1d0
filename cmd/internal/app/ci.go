package app

import (
	"os"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// A Comparison is what the pipelines of a project call, beside what davit runs for a target.
type Comparison struct {
	Target string `json:"target"`
	// Files are those of the pipelines.
	Files []string `json:"files"`
	// Hidden says that the pipelines call something that was not read, and that may run any command.
	Hidden bool            `json:"hidden,omitempty"`
	Rows   []ComparisonRow `json:"rows"`
	// Unread is what was not read.
	Unread []pipelines.Unread `json:"unread,omitempty"`
}

// A ComparisonRow is a command of a pipeline and a step of davit with the same tool; one of them may be missing.
type ComparisonRow struct {
	// Pipeline is the command, and Dir its folder unless that is the root, or not known: "go test -race ./...". Env are the
	// variables that are set for it, as "NAME=value", separated by spaces, the last ones as far as they are short.
	Pipeline string `json:"pipeline,omitempty"`
	Env      string `json:"env,omitempty"`
	Dir      string `json:"dir,omitempty"`
	File     string `json:"file,omitempty"`
	// When says when the command runs, if a change alone is no reason: "schedule".
	When string `json:"when,omitempty"`
	// Step is the id of the step, and Command what it runs.
	Step    string `json:"step,omitempty"`
	Command string `json:"command,omitempty"`
}

// CompareCI returns what the pipelines call beside what davit runs for a target or, without one, for the build, if there is
// one, and all checks. Nothing is executed.
func (p *Project) CompareCI(target string) (*Comparison, error) {
	targets := []string{target}
	if target == "" {
		targets = []string{"build", "check"}
	}
	job, err := p.Plan(Request{Targets: targets, Unset: true, IfOffered: target == ""})
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil, usage("", "%v", err)
	}
	defer root.Close()
	files := &sdk.Project{FS: regular.FS(root)}
	pipeline := p.pipeline(files)
	if len(job.Selection.Targets) > 0 {
		targets = job.Selection.Targets
	}
	c := &Comparison{Target: strings.Join(targets, " "), Files: pipeline.Files, Hidden: pipeline.Hidden(), Unread: slices.Concat(pipeline.Unread, pipeline.Judge())}
	if len(c.Files) == 0 {
		return nil, usage("", "the project has no pipeline that davit reads, such as .github/workflows/*.yml or .gitlab-ci.yml")
	}
	steps := job.Graph.Steps()
	d := newDone(files, steps)
	d.variable, d.names = p.env, p.files
	c.addCalls(d.withOwnVariables(pipeline.Calls), d)
	c.addCalls(d.withOwnVariables(pipelines.ReadTimed(files).Calls), d)
	c.addSteps(steps)
	return c, nil
}

// addCalls adds a row for each command that works on code, or decides by itself, beside the step that runs it.
func (c *Comparison) addCalls(calls []pipelines.Call, d *done) {
	for i, call := range calls {
		row := ComparisonRow{Pipeline: oneLine(call.Words), Env: oneLine(shortVariables(call.Env)), Dir: call.Dir, File: call.File, When: call.When}
		if row.Dir == "." || row.Dir == ".." { // ".." is one that is not known
			row.Dir = ""
		}
		if s, ok := d.stepFor(call); ok {
			row.Step, row.Command = s.ID, s.Command()
		} else {
			row.Step = strings.Join(d.stepsFor(calls[i+1:i+1+call.Inner]), ", ")
		}
		if (call.WorksOnCode() || call.Decides != "") && !slices.Contains(c.Rows, row) {
			c.Rows = append(c.Rows, row)
		}
	}
}

// oneLine returns words as one line.
func oneLine(words []string) string {
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}

// shortVariables returns the last variables that are short together.
func shortVariables(env []string) []string {
	size, from := 0, len(env)
	for from > 0 && size+len(env[from-1]) < maxText/2 {
		from--
		size += len(env[from]) + 1
	}
	return env[from:]
}

// stepFor returns the step that does what a command of a pipeline does. What tox and nox run may be in a step for pytest.
func (d *done) stepFor(c pipelines.Call) (runner.Step, bool) {
	if s, ok := d.step(c); ok {
		return s, true
	}
	tests := c.Inner == 0 && d.testsSession(strings.Join(c.Words, " "))
	return d.find(func(s doneCall) bool { return tests && s.step.Plan.TestRunner == plan.RunnerPytest })
}

// stepsFor returns the ids of the steps that do all of some commands; nil if there is a command that none does.
func (d *done) stepsFor(calls []pipelines.Call) (ids []string) {
	for i, c := range calls {
		s, ok := d.stepFor(c)
		switch {
		case !ok && c.WorksOnCode() && len(d.stepsFor(calls[i+1:i+1+c.Inner])) == 0:
			return nil
		case ok && c.WorksOnCode() && !slices.Contains(ids, s.ID):
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// addSteps adds a row for each step that no command is beside.
func (c *Comparison) addSteps(steps []runner.Step) {
	for _, s := range steps {
		found := slices.ContainsFunc(c.Rows, func(row ComparisonRow) bool { return slices.Contains(strings.Split(row.Step, ", "), s.ID) })
		if !found && isCommand(s.Plan) && s.Plan.Provides == nil {
			c.Rows = append(c.Rows, ComparisonRow{Step: s.ID, Command: s.Command()})
		}
	}
}
