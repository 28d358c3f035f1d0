package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
)

type targetsCmd struct{}

// Run prints every target by group, with its providers or why it is absent. With --json it prints a
// targetsJSON.
func (targetsCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.WarnFailures()
	return c.result(listing(p), func(out printer) { out.targets(p, true) })
}

type targetsJSON struct {
	Root   string       `json:"root"`
	Stacks []stackJSON  `json:"stacks"`
	Failed []failedJSON `json:"failed,omitempty"`
	// Unknown are the parts of the project that no plugin knows.
	Unknown []unknownJSON `json:"unknown,omitempty"`
	Targets []targetJSON  `json:"targets"`
}

type stackJSON struct {
	Provider  string                `json:"provider"`
	Authority conventions.Authority `json:"authority"`
	Summary   string                `json:"summary"`
	Decisions []string              `json:"decisions,omitempty"`
}

// A failedJSON is a plugin that gave no plan, and why.
type failedJSON struct {
	Provider  string                `json:"provider"`
	Authority conventions.Authority `json:"authority"`
	Reason    string                `json:"reason"`
}

// An unknownJSON is a part of the project, named by its manifest or folder, and its stack.
type unknownJSON struct {
	Path  string `json:"path"`
	Stack string `json:"stack"`
}

type targetJSON struct {
	Name      string             `json:"name"`
	Group     string             `json:"group"`
	Summary   string             `json:"summary,omitempty"`
	Effect    conventions.Effect `json:"effect"`
	Providers []providerJSON     `json:"providers,omitempty"`
	Parts     []string           `json:"parts,omitempty"`
	Absent    string             `json:"absent,omitempty"`
	// Params are the parameters that it takes, by name.
	Params map[string]project.Param `json:"params,omitempty"`
	// Hidden says that lists for people and completion leave it out.
	Hidden bool `json:"hidden,omitempty"`
}

type providerJSON struct {
	Provider string `json:"provider"`
	As       string `json:"as"`
	Source   string `json:"source,omitempty"`
}

// listing returns the stacks and targets of a project as data.
func listing(p *app.Project) targetsJSON {
	out := targetsJSON{Root: p.Root.Dir}
	for _, o := range p.Offers {
		out.Stacks = append(out.Stacks, stackJSON{o.Provider, o.Authority, o.Plan.Summary, o.Plan.Decisions})
	}
	for _, f := range p.Failures {
		out.Failed = append(out.Failed, failedJSON{f.Plugin, f.Authority, f.Err.Error()})
	}
	for _, part := range p.UnknownParts() {
		out.Unknown = append(out.Unknown, unknownJSON{part.Path(), part.Name})
	}
	for _, t := range p.Resolution.Targets {
		one := targetJSON{Name: t.Name, Group: t.Group, Summary: t.Summary, Effect: t.Effect, Parts: t.AllOf,
			Params: p.Params(t.Name), Hidden: p.Hidden(t.Name)}
		for _, w := range t.Winners {
			one.Providers = append(one.Providers, providerJSON{w.Provider, w.As, w.About.Source})
		}
		if uses, _ := p.Resolution.Expand(t); len(uses) == 0 {
			one.Absent = whyAbsent(p, t)
		}
		out.Targets = append(out.Targets, one)
	}
	return out
}

// targets prints the stacks and a table of the targets. Absent targets are included if withAbsent is set, and
// else counted.
func (p printer) targets(of *app.Project, withAbsent bool) {
	style := p.OutStyle()
	for _, o := range of.Offers {
		p.Printf("%s  %s\n", style.Bold(o.Provider), o.Plan.Summary)
		for _, decision := range o.Plan.Decisions {
			p.Printf("    %s\n", style.Dim(decision))
		}
	}
	if parts := of.UnknownParts(); len(parts) > 0 {
		p.Printf("%s\n", style.Yellow(of.DescribeParts(parts)))
	}
	rows, left := targetRows(of, withAbsent)
	p.Table(rows, func(row, col int, text string) ui.Text {
		switch {
		case len(rows[row]) == 1:
			return style.Bold(text)
		case rows[row][1] == "absent", rows[row][1] == "command":
			return style.Dim(text)
		case rows[row][1] == "missing":
			return style.Red(text)
		}
		return style.Plain(text)
	})
	if left > 0 {
		p.Printf("\n%s\n", style.Dim(absentHint(left)))
	}
}

// absentHint says that so many targets were not listed.
func absentHint(n int) string {
	text := "targets are"
	if n == 1 {
		text = "target is"
	}
	return fmt.Sprintf("%d more %s not available here; run `davit targets` to see why", n, text)
}

// targetRows returns the rows of the table, with a heading for each group, and how many absent targets were
// left out.
func targetRows(p *app.Project, withAbsent bool) (rows [][]string, left int) {
	group := ""
	for _, t := range p.Resolution.Targets {
		if p.Hidden(t.Name) {
			continue
		}
		row := targetRow(p, t)
		switch {
		case withAbsent:
		case row[1] == "absent":
			left++
			continue
		case row[1] == "command": // the help lists it
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

// targetRow returns the row of a target: its name, its providers or parts, and its summary.
func targetRow(p *app.Project, t conventions.Resolved) []string {
	uses, _ := p.Resolution.Expand(t)
	if len(uses) == 0 {
		return []string{"  " + t.Name, absence(p, t), whyAbsent(p, t)}
	}
	if len(t.Winners) == 0 || t.Collects && !t.Whole() {
		return []string{"  " + t.Name, "= " + strings.Join(partsOf(t, uses), " + "), t.Summary}
	}
	return []string{"  " + t.Name, strings.Join(providers(uses), " + "), withParams(t.Summary, p.Params(t.Name))}
}

// withParams returns the summary of a target with the parameters that it takes.
func withParams(summary string, params map[string]project.Param) string {
	if len(params) == 0 {
		return summary
	}
	return strings.TrimSpace(summary + " (" + paramsOf(params) + ")")
}

// absence returns the word for a target that nobody offers.
func absence(p *app.Project, t conventions.Resolved) string {
	switch {
	case p.IsCommand(t.Name):
		return "command"
	case t.Required:
		return "missing"
	}
	return "absent"
}

// whyAbsent returns the reason why nobody offers a target. One with the name of a command on environments is
// that command, and targets of this name are still there for their providers.
func whyAbsent(p *app.Project, t conventions.Resolved) string {
	if !p.IsCommand(t.Name) {
		return t.AbsentBecause()
	}
	text := "a command of davit: davit " + t.Name
	if slices.Contains(withEnvironment, t.Name) {
		text += " ENV"
	}
	for _, c := range t.Losers {
		text += fmt.Sprintf("; davit %s:%s runs that of %s", c.Provider, c.As, c.Provider)
	}
	return text
}

// partsOf returns the targets that an aggregate runs, each once. The project's own target of its name has the
// provider before it: "make:check".
func partsOf(t conventions.Resolved, uses []conventions.Use) (names []string) {
	for _, u := range uses {
		name := u.Target.Name
		if name == t.Name {
			name = u.Provider + ":" + u.As
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// providers returns the providers of a target, each with its own name for the target if that is another.
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
