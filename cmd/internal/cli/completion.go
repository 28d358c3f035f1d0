package cli

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy/release"
	"github.com/davit-dev/davit/templates/scaffold"
)

//go:embed completion
var scripts embed.FS

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"bash, zsh, fish or powershell"`
}

// Run prints the script of a shell. The script calls davit __complete at each completion, since targets
// depend on the project.
func (cmd *completionCmd) Run(c *call) error {
	script, err := scripts.ReadFile("completion/davit." + cmd.Shell)
	if err != nil {
		return err
	}
	_, err = c.Streams.Own().Write(script)
	return err
}

type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints the candidates for the last word, one a line: the word, a tab, its summary.
func (cmd *completeCmd) Run(ctx context.Context, c *call) error {
	last := ""
	if len(c.rest) > 0 {
		last = c.rest[len(c.rest)-1]
	}
	all, err := newCompleter(c).candidates(ctx, last)
	if err != nil {
		return err
	}
	for _, candidate := range all {
		if strings.HasPrefix(candidate, last) {
			word, summary, described := strings.Cut(candidate, "\t")
			if described {
				c.Streams.Printf("%s\t%s\n", word, summary)
			} else {
				c.Streams.Printf("%s\n", word)
			}
		}
	}
	return nil
}

// withEnvironment lists the commands whose first argument is an environment.
var withEnvironment = []string{
	"plan", "deploy", "rollback", "releases", "status", "diff", "inspect", "logs", "exec", "open", "heal",
	"destroy",
}

// withServices lists the commands that take several services after the environment, and withService those
// that take one.
var (
	withServices = []string{"diff", "inspect", "logs", "heal"}
	withService  = append([]string{"exec", "open"}, withServices...)
)

// withTargets lists the commands whose arguments are targets.
var withTargets = []string{"explain", "audit", "init", "graph", "help"}

// completionTimeout is how long a completion may wait for an engine.
const completionTimeout = 2 * time.Second

// A completer finds candidates for the last of some words. A project that cannot be read has none: a
// completion has nowhere to print an error.
type completer struct {
	call *call
	// words are the arguments without options and their values, and the last word.
	words []string
	// option is the option whose value the last word is, or nil.
	option *kong.Flag
	// passed says that the last word is behind "--", and goes to the commands of targets.
	passed bool
}

// newCompleter reads the words of a command line. Its option -C says where the project is.
func newCompleter(c *call) *completer {
	done := &completer{call: c}
	for i, word := range c.rest {
		if word == "--" && i < len(c.rest)-1 {
			done.passed = true
		}
		value := done.option
		done.option = nil
		switch flags, more := flagsIn(flagsOf(c.parser.Model, c.rest), word); {
		case i == len(c.rest)-1:
			done.words, done.option = append(done.words, word), value
		case value != nil && value.Name == "directory":
			c.options.Directory = word
		case value != nil:
		case !strings.HasPrefix(word, "-"):
			done.words = append(done.words, word)
		case more:
			done.option = flags[len(flags)-1]
		}
	}
	return done
}

// candidates returns everything that may follow the words before the last one.
func (c *completer) candidates(ctx context.Context, last string) ([]string, error) {
	words := c.words
	name, _, assigned := strings.Cut(last, "=")
	switch {
	case c.passed: // the shell completes files
		return nil, nil
	case c.option != nil:
		return c.values(ctx, c.option, ""), nil
	case assigned && strings.HasPrefix(name, "--"):
		if f := flagNamed(flagsOf(c.call.parser.Model, c.call.rest), name[2:]); f != nil {
			return c.values(ctx, f, name+"="), nil
		}
		return nil, nil
	case strings.HasPrefix(last, "-"):
		return c.flags(), nil
	case len(c.subcommands()) > 0:
		return c.subcommands(), nil
	case len(c.argumentValues()) > 0:
		return c.argumentValues(), nil
	case len(words) == 2 && words[0] == "schema":
		return schemaNames(), nil
	case len(words) == 2 && words[0] == "new":
		return c.templates(), nil
	case len(words) > 1 && words[0] == "upgrade":
		return upgradeSubjects, nil
	case len(words) == 2 && words[0] == "help":
		return slices.Concat(c.allCommands(), topicLines(), c.targets(ctx, last)), nil
	case len(words) == 2 && slices.Contains(withEnvironment, words[0]):
		return c.environments(ctx), nil
	case len(words) == 3 && words[0] == "rollback":
		return c.releases(ctx, words[1])
	case len(words) == 3 && slices.Contains(withService, words[0]),
		len(words) > 3 && slices.Contains(withServices, words[0]):
		return c.services(ctx, words[1])
	}
	return slices.Concat(c.flags(), c.commands(), c.targets(ctx, last)), nil
}

// subcommands returns the commands of a command, which only come right behind it.
func (c *completer) subcommands() []string {
	if len(c.words) != 2 {
		return nil
	}
	return commandLines(commandOf(c.call.parser.Model, c.words[:1]).Children)
}

// argumentValues returns the values that the last word may have as an argument of a command, if its grammar lists them.
func (c *completer) argumentValues() []string {
	for _, n := range c.call.parser.Model.Children {
		if at := len(c.words) - 2; at >= 0 && n.Name == c.words[0] && at < len(n.Positional) {
			return enumOf(n.Positional[at])
		}
	}
	return nil
}

// values returns the values of an option, each behind a prefix. Without any, a shell completes files, which are the
// values of several.
func (c *completer) values(ctx context.Context, f *kong.Flag, prefix string) (out []string) {
	known := enumOf(f.Value)
	if f.PlaceHolder == envArgument.name {
		known = c.environments(ctx)
	}
	for _, value := range known {
		out = append(out, prefix+value)
	}
	return out
}

// environments returns the names of the environments of the project.
func (c *completer) environments(ctx context.Context) (names []string) {
	p, err := c.call.open(ctx)
	if err != nil {
		return nil
	}
	defer p.Close()
	all, _ := c.call.environments(p, app.Request{}).All()
	for _, e := range all {
		names = append(names, e.Name)
	}
	return names
}

// releases returns the numbers of the healthy releases of an environment, which davit-engine alone can ask for.
func (c *completer) releases(ctx context.Context, environment string) (numbers []string, err error) {
	p, err := c.call.open(ctx)
	if err != nil {
		return nil, nil
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(ctx, completionTimeout)
	defer cancel()
	all, err := c.call.environments(p, app.Request{}).Releases(ctx, environment)
	for _, r := range all {
		if r.Result == release.Healthy {
			numbers = append(numbers, fmt.Sprintf("%d\t%s", r.Number, r.Time.Format(time.DateTime)))
		}
	}
	if _, ok := errors.AsType[*runner.EngineError](err); !ok {
		err = nil
	}
	return numbers, err
}

// services returns the services in the Compose files of an environment. Only davit-engine can read these
// files, so that an EngineError is returned: it leads to a handover.
func (c *completer) services(ctx context.Context, environment string) ([]string, error) {
	p, err := c.call.open(ctx)
	if err != nil {
		return nil, nil
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(ctx, completionTimeout)
	defer cancel()
	names, err := c.call.environments(p, app.Request{}).Services(ctx, environment)
	if _, ok := errors.AsType[*runner.EngineError](err); !ok {
		err = nil
	}
	return names, err
}

// templates returns the built-in templates, each with its summary.
func (c *completer) templates() (out []string) {
	all, _ := scaffold.All() // a completion has nowhere to print an error
	for _, t := range all {
		out = append(out, t.Name+"\t"+t.Summary)
	}
	return out
}

// commands returns the commands of davit, which only come first.
func (c *completer) commands() (out []string) {
	if len(c.words) > 1 {
		return nil
	}
	return c.allCommands()
}

// allCommands returns the commands of davit.
func (c *completer) allCommands() []string { return commandLines(c.call.parser.Model.Children) }

// topicLines returns the topics of help, each with its summary.
func topicLines() (out []string) {
	for _, t := range topics {
		out = append(out, t.name+"\t"+t.summary)
	}
	return out
}

// commandLines returns the visible commands among some, each with its help.
func commandLines(nodes []*kong.Node) (out []string) {
	for _, node := range nodes {
		if !node.Hidden && node.Name != runName {
			out = append(out, node.Name+"\t"+node.Help)
		}
	}
	return out
}

// flags returns the options of davit and of the command that the words begin with.
func (c *completer) flags() (out []string) {
	node := c.call.parser.Model.DefaultCmd
	if len(c.words) > 1 {
		node = commandOf(c.call.parser.Model, c.words)
	}
	for _, group := range [][]*kong.Flag{c.call.parser.Model.Flags, node.Flags} {
		for _, f := range group {
			if !f.Hidden {
				out = append(out, fmt.Sprintf("--%s\t%s", f.Name, f.Help))
			}
		}
	}
	return out
}

// gives reports whether one of the words before the last gives a value to a parameter.
func (c *completer) gives(name string) bool {
	return slices.ContainsFunc(c.words[:len(c.words)-1], func(word string) bool { return strings.HasPrefix(word, name+"=") })
}

// params returns the parameters of the targets among the words, each with "=" and its choices.
func (c *completer) params(p *app.Project) (out []string) {
	for _, word := range c.words {
		params := p.Params(word)
		for _, name := range slices.Sorted(maps.Keys(params)) {
			if c.gives(name) {
				continue
			}
			if len(params[name].Choices) == 0 {
				out = append(out, name+"=\t"+params[name].Summary)
			}
			for _, choice := range params[name].Choices {
				out = append(out, name+"="+choice+"\t"+params[name].Summary)
			}
		}
	}
	return out
}

// targets returns the targets that may follow the words. Most commands take none. Those of one provider
// ("go:test") are among them once a part of the last word is there.
func (c *completer) targets(ctx context.Context, last string) (out []string) {
	for _, node := range c.call.parser.Model.Children {
		if len(c.words) > 1 && node.Name == c.words[0] && !slices.Contains(withTargets, node.Name) {
			return nil
		}
	}
	p, err := c.call.open(ctx)
	if err != nil {
		return nil
	}
	defer p.Close()
	names := p.Resolution.Names()
	if last != "" {
		names = append(names, p.Resolution.ScopedNames()...)
	}
	out = c.params(p)
	for _, name := range names {
		t, _ := p.Resolution.Find(name)
		if p.Hidden(t.Name) {
			continue
		}
		out = append(out, name+"\t"+t.Summary)
	}
	return out
}
