package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/conventions"
)

type targetsCmd struct{}

// Run prints every target by group, with the providers of each or why it is absent. With --json it prints
// {"root", "stacks": [{"provider", "authority", "summary", "decisions"}], "targets": [{"name", "group", "summary", "effect",
// "providers": [{"provider", "as", "source"}], "parts", "absent"}]}.
func (targetsCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	if c.options.JSON {
		return c.printJSON(listing(p))
	}
	c.printTargets(p, true)
	return nil
}

func (c *call) printJSON(v any) error {
	e := json.NewEncoder(c.Streams.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

type targetsJSON struct {
	Root    string       `json:"root"`
	Stacks  []stackJSON  `json:"stacks"`
	Targets []targetJSON `json:"targets"`
}

type stackJSON struct {
	Provider  string                `json:"provider"`
	Authority conventions.Authority `json:"authority"`
	Summary   string                `json:"summary"`
	Decisions []string              `json:"decisions,omitempty"`
}

type targetJSON struct {
	Name      string             `json:"name"`
	Group     string             `json:"group"`
	Summary   string             `json:"summary,omitempty"`
	Effect    conventions.Effect `json:"effect"`
	Providers []providerJSON     `json:"providers,omitempty"`
	Parts     []string           `json:"parts,omitempty"`
	Absent    string             `json:"absent,omitempty"`
}

type providerJSON struct {
	Provider string `json:"provider"`
	As       string `json:"as"`
	Source   string `json:"source,omitempty"`
}

func listing(p *app.Project) targetsJSON {
	out := targetsJSON{Root: p.Root.Dir}
	for _, o := range p.Offers {
		out.Stacks = append(out.Stacks, stackJSON{o.Provider, o.Authority, o.Plan.Summary, o.Plan.Decisions})
	}
	for _, t := range p.Resolution.Targets {
		one := targetJSON{Name: t.Name, Group: t.Group, Summary: t.Summary, Effect: t.Effect, Parts: t.AllOf}
		for _, w := range t.Winners {
			one.Providers = append(one.Providers, providerJSON{w.Provider, w.As, w.About.Source})
		}
		if uses, _ := p.Resolution.Expand(t); len(uses) == 0 {
			one.Absent = t.AbsentBecause()
		}
		out.Targets = append(out.Targets, one)
	}
	return out
}

// printTargets prints the stacks and a table of the targets; the absent ones only where they are asked for.
func (c *call) printTargets(p *app.Project, absent bool) {
	style := c.Streams.OutStyle()
	for _, o := range p.Offers {
		fmt.Fprintf(c.Streams.Out, "%s  %s\n", style.Bold(o.Provider), o.Plan.Summary)
		for _, why := range o.Plan.Decisions {
			fmt.Fprintf(c.Streams.Out, "    %s\n", style.Dim(why))
		}
	}
	rows, left := targetRows(p, absent)
	c.Streams.Table(rows, func(row, col int, text string) string {
		switch {
		case len(rows[row]) == 1:
			return style.Bold(text)
		case rows[row][1] == "absent":
			return style.Dim(text)
		case rows[row][1] == "missing":
			return style.Red(text)
		}
		return text
	})
	if left > 0 {
		fmt.Fprintf(c.Streams.Out, "\n%s\n", style.Dim(fmt.Sprintf("%d more that this project does not offer: davit targets says why", left)))
	}
}

// targetRows are the rows of the table, a heading for each group, and how many absent targets were left out.
func targetRows(p *app.Project, absent bool) (rows [][]string, left int) {
	group := ""
	for _, t := range p.Resolution.Targets {
		row := targetRow(p, t)
		if row[1] == "absent" && !absent {
			left++
			continue
		}
		if t.Group != group {
			group = t.Group
			rows = append(rows, []string{""}, []string{group})
		}
		rows = append(rows, row)
	}
	return rows, left
}

func targetRow(p *app.Project, t conventions.Resolved) []string {
	uses, _ := p.Resolution.Expand(t)
	if len(uses) == 0 {
		return []string{"  " + t.Name, absence(t), t.AbsentBecause()}
	}
	if len(t.Winners) == 0 {
		return []string{"  " + t.Name, "= " + strings.Join(partsOf(uses), " + "), t.Summary}
	}
	return []string{"  " + t.Name, strings.Join(providers(uses), " + "), t.Summary}
}

// absence says how bad it is that nobody offers a target.
func absence(t conventions.Resolved) string {
	if t.Required {
		return "missing"
	}
	return "absent"
}

// partsOf are the names of the targets that an aggregate comes to, each once.
func partsOf(uses []conventions.Use) (names []string) {
	seen := map[string]bool{}
	for _, u := range uses {
		if !seen[u.Target.Name] {
			seen[u.Target.Name] = true
			names = append(names, u.Target.Name)
		}
	}
	return names
}

// providers are who makes a target, with the name that they have for it where it is another.
func providers(uses []conventions.Use) (names []string) {
	for _, u := range uses {
		if u.As == u.Target.Name || u.Target.Own {
			names = append(names, u.Provider)
		} else {
			names = append(names, u.Provider+" "+u.As)
		}
	}
	return names
}
