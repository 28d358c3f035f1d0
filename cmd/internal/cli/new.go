package cli

import (
	"context"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/templates/scaffold"
)

type newCmd struct {
	Template string  `arg:"" optional:"" help:"The template, as davit new lists it, a published one, or the path of a folder: ./way/service"`
	Dir      *string `arg:"" optional:"" help:"The folder of the new project, which is empty or not there yet"`
	answerOptions
	DryRun bool `short:"n" help:"Print the files and write nothing"`
}

// answerOptions answer the questions of a template.
type answerOptions struct {
	Set      []string `sep:"none" placeholder:"NAME=VALUE" help:"Answer a question of the template"`
	Defaults bool     `help:"Ask nothing: take the defaults"`
}

// Help returns the details for davit new --help.
func (newCmd) Help() string {
	return `Without arguments it lists the templates, with a template alone its questions. The questions are asked on a terminal;
--set answers one, and --defaults takes the defaults for the others. The project remembers its template and the answers in
.davit/template.toml, by which davit upgrade moves it to a newer version. docs/templates.md says how to write a template.`
}

type templatesJSON struct {
	Templates []*scaffold.Template `json:"templates"`
}

type templateJSON struct{ *scaffold.Template }

// Run writes a project. With --json it prints a generator.Project; without arguments, a templatesJSON, and with a template
// alone a templateJSON.
func (cmd *newCmd) Run(ctx context.Context, c *call) error {
	switch {
	case cmd.Template == "":
		return c.listTemplates(ctx)
	case cmd.Dir == nil:
		return c.describeTemplate(ctx, cmd.Template)
	case *cmd.Dir == "":
		return fault.Preconditionf("davit new "+cmd.Template+" DIR; . is the current folder", "the name of the folder is empty")
	}
	project, err := c.planProject(ctx, cmd.Template, c.inFolder(*cmd.Dir), cmd.answerOptions)
	if err != nil {
		return err
	}
	if !cmd.DryRun {
		if err := project.Write(); err != nil {
			return err
		}
	}
	return c.result(project, func(p printer) {
		if !c.options.Quiet || cmd.DryRun {
			p.newProject(project, *cmd.Dir, cmd.DryRun)
		}
	})
}

// listTemplates lists the built-in templates, and before them those of the conventions of the project and of the user.
func (c *call) listTemplates(ctx context.Context) error {
	all, err := scaffold.All()
	if err != nil {
		return err
	}
	brought, err := c.teamTemplates(ctx)
	if err != nil { // the others are there
		c.Streams.Warning(err.Error(), errorEvent(err).Hint)
	}
	all = slices.DeleteFunc(all, func(t *scaffold.Template) bool { _, hidden := brought[t.Name]; return hidden })
	for i, name := range slices.Sorted(maps.Keys(brought)) {
		t, err := generator.Template(brought[name], c.folder())
		if err != nil {
			return err
		}
		t.Name = name
		all = slices.Insert(all, i, t)
	}
	return c.result(templatesJSON{all}, func(p printer) {
		var rows [][]string
		for _, t := range all {
			rows = append(rows, []string{t.Name, t.Summary})
		}
		p.Table(rows, nil)
		p.Printf("\ndavit new TEMPLATE DIR writes a project, davit new TEMPLATE shows what it asks\n")
	})
}

// describeTemplate prints the questions of a template.
func (c *call) describeTemplate(ctx context.Context, name string) error {
	origin, err := c.origin(ctx, name)
	if err != nil {
		return err
	}
	t, err := generator.Template(origin, c.folder())
	if err != nil {
		return err
	}
	return c.result(templateJSON{t}, func(p printer) {
		p.Printf("%s, version %d: %s\n\n", t.Name, t.Version, t.Summary)
		var rows [][]string
		for _, q := range t.Questions {
			rows = append(rows, []string{"  --set " + q.Name + "=" + q.Default, q.Prompt()})
		}
		p.Table(rows, nil)
		p.Printf("\nnext: davit new %s DIR\n", name)
	})
}

// planProject returns the project that a template makes in a folder.
func (c *call) planProject(ctx context.Context, template, dir string, o answerOptions) (*generator.Project, error) {
	set, err := o.answers()
	if err != nil {
		return nil, err
	}
	origin, err := c.origin(ctx, template)
	if err != nil {
		return nil, err
	}
	return generator.Plan(generator.Request{Origin: origin, Caller: c.folder(), Dir: dir, Set: set, Ask: c.asker(ctx, o)})
}

// answers returns the answers of --set by name.
func (o answerOptions) answers() (map[string]string, error) {
	set := map[string]string{}
	for _, pair := range o.Set {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			return nil, fault.Preconditionf("--set name=shop", "--set %q has no =", pair)
		}
		set[name] = value
	}
	return set, nil
}

// asker returns what answers the questions of a template: the defaults, or who is at the terminal. An answer that is wrong is
// asked for again.
func (c *call) asker(ctx context.Context, o answerOptions) scaffold.Asker {
	switch {
	case o.Defaults:
		return scaffold.TakeDefaults
	case c.options.JSON || !c.Streams.InTerminal():
		return func(q scaffold.Question, given string) (string, error) {
			return "", fault.Refusef(howToAnswer(q, given), "the template asks %q, and stdin is not a terminal; nothing was written", q.Ask)
		}
	}
	return func(q scaffold.Question, given string) (string, error) {
		if _, err := q.Parse(given); err != nil {
			given = ""
		}
		for {
			answer, err := c.Streams.Prompt(ctx, q.Prompt(), given)
			if err != nil {
				return "", err
			}
			if _, err = q.Parse(answer); err == nil {
				return answer, nil
			}
			c.Streams.Warning(err.Error(), "")
		}
	}
}

// howToAnswer says how a question is answered without a terminal. A default that is no answer to it is not named.
func howToAnswer(q scaffold.Question, given string) string {
	if _, err := q.Parse(given); err != nil {
		return fmt.Sprintf("--set %s=VALUE answers it", q.Name)
	}
	return fmt.Sprintf("--set %s=%s answers it, --defaults takes the defaults", q.Name, runner.Quote([]string{given}))
}

// newProject prints the files of a project, and what to type next.
func (p printer) newProject(project *generator.Project, dir string, dry bool) {
	for _, f := range project.Files {
		if dry {
			p.Printf("\n%s\n%s\n", p.OutStyle().Bold(f.Path), ui.Lines("", f.Text))
		} else {
			p.Printf("%s\n", path.Join(filepath.ToSlash(dir), f.Path))
		}
	}
	answers := make([]string, 0, len(project.Answers))
	for _, name := range slices.Sorted(maps.Keys(project.Answers)) {
		answers = append(answers, name+"="+project.Answers[name])
	}
	p.Printf("\n%s, version %s: %s\n", project.Template, strconv.Itoa(project.Version), strings.Join(answers, ", "))
	if dry {
		p.Printf("%s\n", p.OutStyle().Dim("nothing was written: this is what davit new would write"))
		return
	}
	command := []string{"davit", "-C", dir, "check", "build"}
	if dir == "." {
		command = []string{"davit", "check", "build"}
	}
	p.Printf("next: %s\n", runner.Quote(command))
}
