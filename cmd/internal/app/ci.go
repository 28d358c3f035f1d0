package app

import (
	"os"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
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

	tool, words string
}

// CompareCI returns what the pipelines call beside what davit runs for a target or, without one, for the build, if there is
// one, and all checks. Nothing is executed.
func (p *Project) CompareCI(target string) (*Comparison, error) {
	targets := []string{target}
	if target == "" {
		targets = []string{"build", "check"}
	}
	job, err := p.Plan(Request{Targets: targets, IfOffered: target == ""})
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil, usage("", "%v", err)
	}
	defer root.Close()
	files := &sdk.Project{FS: root.FS()}
	pipeline := devtools.ReadPipeline(files)
	c := &Comparison{Target: strings.Join(targets, " "), Files: pipeline.Files, Hidden: pipeline.Hidden, Rows: pipelineRows(pipeline)}
	if len(c.Files) == 0 {
		return nil, usage("", "the project has no pipeline that davit reads, such as .github/workflows/*.yml or .gitlab-ci.yml")
	}
	c.addSteps(files, job.Graph.Steps())
	return c, nil
}

// pipelineRows returns a row for each command that works on code.
func pipelineRows(p *devtools.Pipeline) (rows []ComparisonRow) {
	for _, call := range p.Calls {
		row := ComparisonRow{Pipeline: strings.Join(append(call.Env, call.Words...), " "), Dir: call.Dir, File: call.File,
			tool: call.Tool(), words: strings.Join(call.Words, " ")}
		if row.Dir == "." || row.Dir == ".." { // ".." is one that is not known
			row.Dir = ""
		}
		if call.WorksOnCode() && !slices.Contains(rows, row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// addSteps puts steps beside the commands that they run, by the tasks and scripts of the project too: first those of the
// same words, then those of the same tool. Those that no command is beside come behind them.
func (c *Comparison) addSteps(files devtools.Files, steps []runner.Step) {
	calls := map[string][]devtools.Call{}
	for _, s := range steps {
		calls[s.ID] = callsOf(files, s)
		for _, called := range calls[s.ID] {
			c.pair(s, func(row ComparisonRow) bool { return row.words == strings.Join(called.Words, " ") })
		}
	}
	for _, s := range steps {
		for _, called := range calls[s.ID] {
			c.pair(s, func(row ComparisonRow) bool {
				return row.tool == called.Tool() || runsPytest(s) && (row.tool == "tox" || row.tool == "nox")
			})
		}
		found := slices.ContainsFunc(c.Rows, func(row ComparisonRow) bool { return row.Step == s.ID })
		if !found && isCommand(s.Plan) && s.Plan.Provides == nil {
			c.Rows = append(c.Rows, ComparisonRow{Step: s.ID, Command: s.Command()})
		}
	}
}

func runsPytest(s runner.Step) bool { return s.Plan.TestRunner == plan.RunnerPytest }

// callsOf returns the commands of a step, also by way of tasks and scripts.
func callsOf(files devtools.Files, s runner.Step) []devtools.Call {
	text := s.Plan.Script
	if s.Plan.Op == plan.OpExec {
		text = runner.Quote(s.Argv())
	}
	return devtools.Follow(files, path.Clean("./"+s.Plan.Dir), text)
}

// pair puts a step beside those commands that no other one is beside.
func (c *Comparison) pair(s runner.Step, same func(ComparisonRow) bool) {
	for i, row := range c.Rows {
		if row.Pipeline != "" && row.Step == "" && same(row) {
			c.Rows[i].Step, c.Rows[i].Command = s.ID, s.Command()
		}
	}
}
