package app

import (
	"os"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
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
}

// A ComparisonRow is a command of a pipeline and a step of davit with the same tool; one of them may be missing.
type ComparisonRow struct {
	// Pipeline is the command, and Dir its folder unless that is the root, or not known: "go test -race ./...".
	Pipeline string `json:"pipeline,omitempty"`
	Dir      string `json:"dir,omitempty"`
	File     string `json:"file,omitempty"`
	// Step is the id of the step, and Command what it runs.
	Step    string `json:"step,omitempty"`
	Command string `json:"command,omitempty"`

	tool string
}

// CompareCI returns what the pipelines call beside what davit runs for a target. Nothing is executed.
func (p *Project) CompareCI(target string) (*Comparison, error) {
	job, err := p.Plan(Request{Targets: []string{target}})
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil, usage("", "%v", err)
	}
	defer root.Close()
	pipeline := devtools.ReadPipeline(&sdk.Project{FS: root.FS()})
	c := &Comparison{Target: target, Files: pipeline.Files, Hidden: pipeline.Hidden, Rows: pipelineRows(pipeline)}
	if len(c.Files) == 0 {
		return nil, usage("", "the project has no pipeline that davit reads, such as .github/workflows/*.yml or .gitlab-ci.yml")
	}
	for _, s := range job.Graph.Steps() {
		c.addStep(s)
	}
	return c, nil
}

// pipelineRows returns a row for each command that works on code.
func pipelineRows(p *devtools.Pipeline) (rows []ComparisonRow) {
	for _, call := range p.Calls {
		row := ComparisonRow{Pipeline: strings.Join(append(call.Env, call.Words...), " "), Dir: call.Dir, File: call.File,
			tool: call.Tool()}
		if row.Dir == "." || row.Dir == ".." { // ".." is one that is not known
			row.Dir = ""
		}
		if call.WorksOnCode() && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// addStep puts a step beside the commands with its tool, or behind them if no command has it.
func (c *Comparison) addStep(s runner.Step) {
	text := s.Plan.Script
	if s.Plan.Op == plan.OpExec {
		text = runner.Quote(s.Argv())
	}
	found := false
	for _, called := range recipes.Commands(s.Plan.Dir, text) {
		for i, row := range c.Rows {
			if row.tool == called.Tool() && row.Pipeline != "" && (row.Step == "" || row.Step == s.ID) {
				c.Rows[i].Step, c.Rows[i].Command, found = s.ID, s.Command(), true
			}
		}
	}
	if !found && isCommand(s.Plan) && s.Plan.Provides == nil {
		c.Rows = append(c.Rows, ComparisonRow{Step: s.ID, Command: s.Command()})
	}
}
