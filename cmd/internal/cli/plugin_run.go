package cli

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/plugindev"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins"
)

type pluginRunCmd struct {
	Plugin  string   `arg:"" help:"A .wasm file, or the folder of a plugin that has been built"`
	Project string   `arg:"" optional:"" default:"." help:"The folder that the plugin sees (default: the current one)"`
	Config  string   `placeholder:"FILE" help:"The configuration of the plugin, as JSON"`
	Grant   []string `placeholder:"NAME" help:"A variable that the plugin may read"`
}

// Run asks a plugin about a project. With --json it prints a plugindev.Answer.
func (cmd *pluginRunCmd) Run(ctx context.Context, c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	config, err := cmd.config(c)
	if err != nil {
		return err
	}
	project := c.inFolder(cmd.Project)
	a, err := tools.Run(ctx, plugindev.Question{Plugin: c.inFolder(cmd.Plugin), Project: project, Name: filepath.Base(project),
		Config: config, Env: granted(c.Environ, cmd.Grant)})
	if bad, is := errors.AsType[*plugins.Error](err); is {
		c.said(bad.Plugin, bad.Said)
	}
	if err != nil {
		return err
	}
	return c.result(a, func(p printer) { p.pluginAnswer(a) })
}

// config returns the configuration in the file that is named, or nil.
func (cmd *pluginRunCmd) config(c *call) (json.RawMessage, error) {
	if cmd.Config == "" {
		return nil, nil
	}
	data, err := os.ReadFile(c.inFolder(cmd.Config))
	if err == nil && !json.Valid(data) {
		err = errors.New("it is not JSON")
	}
	if err != nil {
		return nil, fault.Preconditionf("", "the configuration %q cannot be read: %v", cmd.Config, err)
	}
	return data, nil
}

// granted returns those variables of an environment that are named.
func granted(env, names []string) (out []string) {
	for _, name := range names {
		if value, set := environ.Lookup(env, name); set {
			out = append(out, name+"="+value)
		}
	}
	return out
}

// said prints what a plugin wrote to standard error, which is where it belongs.
func (c *call) said(plugin, text string) {
	for _, line := range plugins.SaidLines(text) {
		c.Streams.Warning(plugin+": "+line, "")
	}
}

// pluginAnswer prints the plan of a plugin, and what the plan depends on.
func (p printer) pluginAnswer(a *plugindev.Answer) {
	text, err := a.Plan.Indented()
	if err != nil {
		text = []byte(err.Error())
	}
	p.Own().Write(text)
	p.section("Read", column(a.Reads))
	if a.Said != "" {
		p.section("Written to standard error", column(strings.Split(a.Said, "\n")))
	}
	p.Printf("\n%s answered in %d ms\n", a.Plugin, a.Milliseconds)
	if !a.Detected {
		p.Warning("no file of this project matches the globs of \"detect\", so that davit would not ask the plugin", "")
	}
}

// column returns a row for each text.
func column(texts []string) (rows [][]string) {
	for _, text := range texts {
		rows = append(rows, []string{"  " + text})
	}
	return rows
}
