package cli

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
)

// conventionCmd has the commands about conventions.
type conventionCmd struct {
	Check conventionCheckCmd `cmd:"" help:"Say which targets this project lacks that its convention requires; exit with 3 if it lacks any"`
	Diff  conventionDiffCmd  `cmd:"" help:"Show what is different in another convention"`
}

type conventionCheckCmd struct{}

// Run prints what the project lacks. With --json it prints an app.Conformity.
func (conventionCheckCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.WarnFailures()
	found := p.Conform()
	if err := c.result(found, func(out printer) { out.conformity(found) }); err != nil || len(found.Lacks) == 0 {
		return err
	}
	return &app.SilentError{Code: fault.Pending}
}

// conformity prints what a project lacks.
func (p printer) conformity(c app.Conformity) {
	if len(c.Lacks) == 0 {
		p.Printf("%s offers what %s requires\n", c.Project, c.Convention)
		return
	}
	p.Printf("%s lacks what %s requires:\n", c.Project, c.Convention)
	var rows [][]string
	for _, l := range c.Lacks {
		rows = append(rows, []string{"  " + l.Target, l.Why})
	}
	p.Table(rows, nil)
}

type conventionDiffCmd struct {
	A string `arg:"" help:"A convention: gazr@1, or a file"`
	B string `arg:"" help:"Another one"`
}

type conventionDiffJSON struct {
	Changes []conventions.Change `json:"changes"`
}

// Run prints what is different in a convention. With --json it prints a conventionDiffJSON.
func (cmd *conventionDiffCmd) Run(c *call) error {
	a, err := c.convention(cmd.A)
	if err != nil {
		return err
	}
	b, err := c.convention(cmd.B)
	if err != nil {
		return err
	}
	changes := a.Diff(b)
	return c.result(conventionDiffJSON{changes}, func(p printer) { p.conventionChanges(changes) })
}

// convention returns the convention of an argument.
func (c *call) convention(name string) (*conventions.Convention, error) {
	found, err := app.LoadConvention(name, func(file string) ([]byte, error) { return regular.Read(c.inFolder(file), regular.Config) })
	if err != nil {
		return nil, fault.Preconditionf("", "%v", err)
	}
	return found, nil
}

// conventionChanges prints what is different in a convention.
func (p printer) conventionChanges(changes []conventions.Change) {
	if len(changes) == 0 {
		p.Printf("no difference\n")
	}
	marks := map[string]string{"added": "+", "removed": "-", "changed": "~"}
	for _, change := range changes {
		p.Printf("%s\n", strings.Join(strings.Fields(marks[change.Kind]+" "+change.Target), " "))
		for _, detail := range change.Details {
			p.Printf("    %s\n", detail)
		}
	}
}
