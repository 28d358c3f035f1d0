package cli

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/runner"
)

//go:embed completion
var scripts embed.FS

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish,powershell" help:"bash, zsh, fish or powershell"`
}

// Run prints the script, which asks davit itself at each completion, since targets depend on the project.
func (cmd *completionCmd) Run(c *call) error {
	script, err := scripts.ReadFile("completion/davit." + cmd.Shell)
	if err != nil {
		return err
	}
	_, err = c.Streams.Out.Write(script)
	return err
}

type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:""`
}

// Run prints what may come in the place of the last word, a line each: the word, a tab, its summary.
func (cmd *completeCmd) Run(ctx context.Context, c *call) (err error) {
	words := c.rest
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	candidates := c.flags(words)
	switch {
	case strings.HasPrefix(last, "-"):
	case len(words) > 1 && words[0] == "completion":
		candidates = []string{"bash", "zsh", "fish", "powershell"}
	case len(words) == 2 && slices.Contains(ofEnvironments, words[0]):
		candidates = c.environmentNames(ctx)
	case len(words) == 3 && slices.Contains(ofServices, words[0]) || len(words) > 3 && slices.Contains(ofServices[:several], words[0]):
		if candidates, err = c.services(ctx, words[1]); err != nil {
			return err
		}
	default:
		candidates = append(c.commands(words), c.targets(ctx, words)...)
	}
	for _, one := range candidates {
		if strings.HasPrefix(one, last) {
			io.WriteString(c.Streams.Out, one+"\n")
		}
	}
	return nil
}

// ofEnvironments are the commands that the name of an environment follows.
var ofEnvironments = []string{"plan", "deploy", "rollback", "releases", "status", "diff", "inspect", "logs", "exec", "open", "heal", "destroy"}

// ofServices are those that services follow then: several of them for the first ones.
var ofServices = []string{"diff", "inspect", "logs", "heal", "exec", "open"}

const several = 4

// environmentNames returns the environments of the project.
func (c *call) environmentNames(ctx context.Context) (out []string) {
	p, err := c.open(ctx)
	if err != nil {
		return nil // a completion has nobody to tell
	}
	defer p.Close()
	all, _ := c.environments(p, app.Request{}).All()
	for _, e := range all {
		out = append(out, e.Name)
	}
	return out
}

// services are those of the Compose files of an environment, which only the davit reads that has engines.
func (c *call) services(ctx context.Context, environment string) ([]string, error) {
	p, err := c.open(ctx)
	if err != nil {
		return nil, nil // a completion has nobody to tell
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(ctx, impatience)
	defer cancel()
	names, err := c.environments(p, app.Request{}).Services(ctx, environment)
	if _, other := errors.AsType[*runner.EngineError](err); !other {
		err = nil
	}
	return names, err
}

// impatience is how long a completion may take.
const impatience = 2 * time.Second

// commands are davit's own, which only come first.
func (c *call) commands(words []string) (out []string) {
	if len(words) > 1 {
		return nil
	}
	for _, node := range c.parser.Model.Children {
		if !node.Hidden && node.Name != runName {
			out = append(out, node.Name+"\t"+node.Help)
		}
	}
	return out
}

// flags are the options of davit and of the command that the words begin with.
func (c *call) flags(words []string) (out []string) {
	node := c.parser.Model.DefaultCmd
	for _, n := range c.parser.Model.Children {
		if len(words) > 1 && n.Name == words[0] {
			node = n
		}
	}
	for _, group := range [][]*kong.Flag{c.parser.Model.Flags, node.Flags} {
		for _, f := range group {
			if !f.Hidden {
				out = append(out, fmt.Sprintf("--%s\t%s", f.Name, f.Help))
			}
		}
	}
	return out
}

// targets are the names that may follow the words; none behind a command that takes none.
func (c *call) targets(ctx context.Context, words []string) (out []string) {
	for _, node := range c.parser.Model.Children {
		if len(words) > 1 && node.Name == words[0] && node.Name != "explain" && node.Name != "init" {
			return nil
		}
	}
	p, err := c.open(ctx)
	if err != nil {
		return nil // a completion has nobody to tell
	}
	defer p.Close()
	for _, name := range p.Resolution.Names() {
		t, _ := p.Resolution.Find(name)
		out = append(out, name+"\t"+t.Summary)
	}
	return out
}
