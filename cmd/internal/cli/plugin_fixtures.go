package cli

import (
	"context"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

type pluginTestCmd struct {
	Plugin   string `arg:"" optional:"" default:"." help:"A .wasm file, or the folder of a plugin that has been built (default: the current one)"`
	Fixtures string `placeholder:"DIR" help:"The folder of the fixtures (default: testdata in the folder of the plugin)"`
	Update   bool   `help:"Write the golden files anew"`
}

// Help returns the details for davit plugin test --help.
func (pluginTestCmd) Help() string {
	return `A fixture is a folder NAME of testdata: NAME/project has the files that the plugin sees, NAME/config.json its
configuration and NAME/env.json the variables that it may read, if it has any, and NAME/plan.json the plan that is expected,
or NAME/error.txt the message to the user. If all are right, hostile projects follow that are made from them: files that are
empty, cut, huge, no text, a folder or a link, folders with odd names, and configurations that the plugin does not know.`
}

// Run compares the answers of a plugin with golden files. With --json it prints a plugindev.TestReport.
func (cmd *pluginTestCmd) Run(ctx context.Context, c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	r, err := tools.Test(ctx, plugindev.TestRequest{Plugin: c.inFolder(cmd.Plugin), Fixtures: c.ifGiven(cmd.Fixtures),
		Update: cmd.Update})
	if err != nil {
		return err
	}
	if err := c.result(r, func(p printer) { p.pluginReport(c, r) }); err != nil || !r.Failed() {
		return err
	}
	return &app.SilentError{Code: fault.Failed}
}

// pluginReport prints the fixtures of a plugin, what they read, and the permissions that the plugin asks for.
func (p printer) pluginReport(c *call, r *plugindev.TestReport) {
	for _, f := range r.Fixtures {
		p.Printf("%-8s %s\n", f.State, f.Name)
		c.said(f.Name, f.Said)
		if f.State != plugindev.Failed {
			continue
		}
		c.Streams.Warning(f.Name+": "+f.Reason, "")
		if f.Got != nil {
			p.Patch("", ui.Unified("a/"+f.File, f.Want, "b/"+f.File, f.Got))
		}
	}
	p.hostile(r.Hostile)
	p.section("Read", column(r.Reads))
	if len(r.Asks) > 0 {
		p.section("Asks to", column(r.Asks))
	}
	for _, permission := range r.Unused {
		p.Warning("the manifest asks to "+permission+", and the answer about no fixture depends on it", "")
	}
}

// hostile prints the hostile projects about which a plugin gave no answer, and the number of the others.
func (p printer) hostile(all []plugindev.Hostile) {
	answers := map[string]int{}
	for _, h := range all {
		switch h.State {
		case plugindev.Passed:
			answers[h.Answer]++
		default:
			p.Printf("%-8s %s\n", h.State, h.Name)
			p.Warning(h.Name+": "+h.Reason, "")
		}
	}
	if len(all) > 0 {
		p.Printf("%-8s hostile projects: %d plans, %d messages, %d without a match\n", plugindev.Passed,
			answers[plugindev.AnswerPlan], answers[plugindev.AnswerMessage], answers[plugindev.AnswerNone])
	}
}
