package cli

import (
	"slices"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/internal/fault"
)

type pluginLintCmd struct {
	Plugin string `arg:"" optional:"" default:"." help:"A .wasm file, or the folder of a plugin that has been built (default: the current one)"`
}

type findingsJSON struct {
	Findings []plugindev.Finding `json:"findings"`
}

// Run prints what is wrong with a plugin. With --json it prints a findingsJSON.
func (cmd *pluginLintCmd) Run(c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	found, err := tools.Lint(c.inFolder(cmd.Plugin))
	if err != nil {
		return err
	}
	err = c.result(findingsJSON{found}, func(p printer) { p.pluginFindings(found) })
	bad := func(f plugindev.Finding) bool { return f.Level == plugindev.LevelError }
	if err == nil && slices.ContainsFunc(found, bad) {
		return &app.SilentError{Code: fault.Failed}
	}
	return err
}

// pluginFindings prints what is wrong with a plugin.
func (p printer) pluginFindings(found []plugindev.Finding) {
	for _, f := range found {
		p.Printf("%-8s %s\n", f.Level, f.Text)
	}
	if len(found) == 0 {
		p.Printf("nothing is wrong with the plugin\n")
	}
}
