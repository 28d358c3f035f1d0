package cli

type pluginNewCmd struct {
	Name string `arg:"" help:"The name of the plugin, which becomes a folder"`
	Lang string `enum:"go,c" default:"go" placeholder:"LANG" help:"The language: go or c (default: go)"`
}

type newPluginJSON struct {
	Files []string `json:"files"`
}

// Run writes a new plugin. With --json it prints a newPluginJSON.
func (cmd *pluginNewCmd) Run(c *call) error {
	tools, err := c.pluginTools()
	if err != nil {
		return err
	}
	files, err := tools.New(c.inFolder(cmd.Name), cmd.Name, cmd.Lang)
	if err != nil {
		return err
	}
	return c.result(newPluginJSON{files}, func(p printer) {
		for _, file := range files {
			p.Printf("%s/%s\n", cmd.Name, file)
		}
	})
}
