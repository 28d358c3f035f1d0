package cli

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
)

type graphCmd struct {
	Targets []string `arg:"" name:"target" help:"The targets whose steps are drawn, and values of their parameters"`
	Format  string   `enum:"dot,mermaid" default:"dot" placeholder:"FORMAT" help:"dot (of Graphviz) or mermaid"`
}

// Help returns the details for davit graph --help.
func (graphCmd) Help() string {
	return `An arrow leads from each step to those that wait for it. Nothing is run.

  davit graph check build | dot -Tsvg > graph.svg    draw it with Graphviz
  davit graph check --format mermaid                 for a code block of Markdown`
}

// Run prints the steps of targets and what each waits for. With --json it prints a graphJSON.
func (cmd *graphCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	names, params := splitParams(cmd.Targets)
	if len(names) == 0 {
		return fault.Preconditionf("davit graph TARGET "+strings.Join(params, " "), "davit graph needs a target")
	}
	job, err := p.DryRun(ctx, app.Request{Targets: names, Params: params, Unset: true})
	if err != nil {
		return err
	}
	g := graphOf(job)
	return c.result(g, func(out printer) {
		if cmd.Format == "mermaid" {
			out.mermaid(g)
		} else {
			out.dot(g)
		}
	})
}

// A graphJSON has the steps in an order in which they could run:
// {"steps":[{"id":"go:deps"},{"id":"go:build","command":"go build ./...","where":"host","after":["go:deps"]}]}.
type graphJSON struct {
	Steps []nodeJSON `json:"steps"`
}

type nodeJSON struct {
	ID      string `json:"id"`
	Command string `json:"command"`
	// Where is host or container.
	Where string `json:"where"`
	// After are the steps that it waits for.
	After []string `json:"after,omitempty"`
}

// graphOf returns the graph of a job.
func graphOf(job *app.Job) (g graphJSON) {
	for _, s := range job.Graph.Steps() {
		g.Steps = append(g.Steps, nodeJSON{s.ID, text.FirstLine(s.Command()), string(s.Where), app.Before(s)})
	}
	return g
}

// dot prints a graph in the language of Graphviz.
func (p printer) dot(g graphJSON) {
	p.Printf("digraph davit {\n  rankdir=LR\n  node [shape=box, fontname=\"sans-serif\"]\n")
	for _, n := range g.Steps {
		p.Printf("  %s [label=%s]\n", quotedDot(n.ID), quotedDot(n.ID+"\n"+n.Command))
		for _, before := range n.After {
			p.Printf("  %s -> %s\n", quotedDot(before), quotedDot(n.ID))
		}
	}
	p.Printf("}\n")
}

// quotedDot returns a string of the language of Graphviz. A backslash of the text stays one.
func quotedDot(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text.Line(line))
	}
	return `"` + strings.Join(lines, `\n`) + `"`
}

// mermaid prints a graph in the language of Mermaid, whose ids are numbers since a colon means something in it.
func (p printer) mermaid(g graphJSON) {
	number := map[string]int{}
	p.Printf("flowchart LR\n")
	for i, n := range g.Steps {
		number[n.ID] = i
		p.Printf("  s%d[\"%s\"]\n", i, escapedMermaid(n.ID))
	}
	for i, n := range g.Steps {
		for _, before := range n.After {
			p.Printf("  s%d --> s%d\n", number[before], i)
		}
	}
}

// escapedMermaid returns text with the characters that end a label as entities.
func escapedMermaid(s string) string {
	return strings.NewReplacer(`"`, "#quot;", "#", "#35;", "<", "#lt;", ">", "#gt;").Replace(text.Line(s))
}
