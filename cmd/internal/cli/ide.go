package cli

import "context"

type ideCmd struct {
	Editor string `arg:"" enum:"vscode" help:"vscode"`
	Write  bool   `xor:"what" help:"Write the file that the editor reads, and show what changes"`
	Check  bool   `xor:"what" help:"Exit with 3 if that file is not what is printed, and show the difference"`
}

// Help returns the details for davit ide --help.
func (ideCmd) Help() string {
	return `It prints a task of VS Code for each target of the project; --write writes .vscode/tasks.json. A file that davit has not
written is left alone.`
}

// Run prints the tasks of an editor, writes them, or compares them with the file.
func (cmd *ideCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	f, err := p.TasksFile()
	if err != nil {
		return err
	}
	return c.generated(ctx, p, f, cmd.Write, cmd.Check)
}
