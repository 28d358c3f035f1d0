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
configuration, if it has one, and NAME/plan.json the plan that is expected, or NAME/error.txt the message to the user.`
}

// Run compares the answers of a plugin with golden files. With --json it prints a plugindev.TestReport.
func (cmd *pluginTestCmd) Run(ctx context.Context, c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	r, err := tools.Test(ctx, c.inFolder(cmd.Plugin), c.ifGiven(cmd.Fixtures), cmd.Update)
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
	p.section("Read", column(r.Reads))
	if len(r.Asks) > 0 {
		p.section("Asks to", column(r.Asks))
	}
	for _, permission := range r.Unused {
		p.Warning("the manifest asks to "+permission+", and no fixture needs it", "")
	}
}
