package cli

import "context"

type pluginNewCmd struct {
	Dir  string `arg:"" help:"The folder of the new plugin, whose name it has"`
	Lang string `enum:"go,rust,c,assemblyscript" default:"go" placeholder:"LANG" help:"The language: go, rust, c or assemblyscript (default: go)"`
}

// Help returns the details for davit plugin new --help.
func (pluginNewCmd) Help() string {
	return `It is davit new plugin DIR --set lang=LANG --defaults. docs/plugins.md describes all from an idea to a published plugin.`
}

// Run writes a new plugin. With --json it prints a generator.Project.
func (cmd *pluginNewCmd) Run(ctx context.Context, c *call) error {
	return (&newCmd{Template: "plugin", Dir: &cmd.Dir,
		answerOptions: answerOptions{Set: []string{"lang=" + cmd.Lang}, Defaults: true}}).Run(ctx, c)
}
