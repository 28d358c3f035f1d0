package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/ui"
)

type explainCmd struct {
	Target []string `arg:"" optional:"" help:"The target to explain, and values of its parameters: release version=1.2"`
	CI     bool     `name:"ci" help:"Show the commands of the pipelines of the project beside those of the target (of check, if none is given)"`
	Since  since    `placeholder:"WHEN" help:"Say what changed since the last run before WHEN: 2h, 15:04, or 2006-01-02 15:04"`
}

// since is a time of the past: a duration ago ("90m", "2h"), a time of today ("15:04", "15:04:05"), or a day
// with or without a time ("2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04:05"), in local time.
type since string

// time returns the time; zero if the option was not given.
func (s since) time(now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(string(s)); err == nil {
		return now.Add(-ago.Abs()), nil
	}
	for _, layout := range []string{"15:04", time.TimeOnly} {
		if _, err := time.Parse(layout, string(s)); err == nil {
			return time.ParseInLocation(time.DateOnly+" "+layout, now.Format(time.DateOnly)+" "+string(s), time.Local)
		}
	}
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04", time.DateOnly, time.RFC3339} {
		if at, err := time.ParseInLocation(layout, string(s), time.Local); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fault.Preconditionf(`give a duration ("2h"), a time ("15:04"), or a day ("2006-01-02 15:04")`,
		"--since %q is no time", string(s))
}

// Run prints who provides the target, from which files, which other providers there are, which steps run, and
// why. With --json it prints an app.Explanation.
func (e *explainCmd) Run(ctx context.Context, c *call) error {
	at, err := e.Since.time(c.Streams.Now())
	if err != nil {
		return err
	}
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	names, params := splitParams(e.Target)
	target := strings.Join(names, " ")
	switch {
	case len(names) > 1:
		return fault.Preconditionf("davit explain "+names[0], "davit explain takes one target, got %d: %s", len(names), target)
	case e.CI:
		return c.compareCI(p, target)
	case target == "":
		return fault.Preconditionf("davit help explain describes its arguments and options", "davit explain needs TARGET")
	}
	x, err := p.Explain(ctx, target, params, at)
	if err != nil {
		return err
	}
	p.WarnFailures()
	if x.Partial && c.Handover != nil {
		_ = c.Handover() // returns only without a davit-engine; then the explanation stays partial
	}
	return c.result(x, func(p printer) { p.explanation(x) })
}

// compareCI prints what the pipelines call beside what a target runs, or the build and all checks. With --json it prints an
// app.Comparison.
func (c *call) compareCI(p *app.Project, target string) error {
	compared, err := p.CompareCI(target)
	if err != nil {
		return err
	}
	return c.result(compared, func(p printer) { p.comparison(compared) })
}

// comparison prints a row for each command of the pipelines, and for each step that they do not call.
func (p printer) comparison(c *app.Comparison) {
	rows := [][]string{{filesOf(c), "davit " + c.Target}}
	for _, r := range c.Rows {
		called, step := cmp.Or(calledBy(r), "(not called)"), "(not run)"
		if r.Dir != "" {
			called += "  in " + r.Dir
		}
		if r.When != "" {
			called += "  on " + r.When
		}
		if r.Step != "" {
			step = r.Step + "  " + r.Command
		}
		rows = append(rows, []string{called, step})
	}
	style := p.OutStyle()
	p.Table(rows, func(row, _ int, text string) ui.Text {
		if row == 0 {
			return style.Bold(text)
		}
		return style.Plain(text)
	})
	for i, u := range c.Unread {
		if i == 0 {
			p.Printf("\n")
		}
		p.Printf("%s\n", style.Dim(fmt.Sprintf("not read: %s: %s %s", u.File, shortened(u.What), u.Why)))
	}
}

// filesOf returns the first files of the pipelines, and how many more there are.
func filesOf(c *app.Comparison) string {
	if n := len(c.Files) - maxFiles; n > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(c.Files[:maxFiles], ", "), n)
	}
	return strings.Join(c.Files, ", ")
}

// calledBy returns the command of a row as far as it fits into a table, with its variables if they fit too.
func calledBy(r app.ComparisonRow) string {
	if whole := strings.TrimSpace(r.Env + " " + r.Pipeline); r.Pipeline != "" && len(whole) <= maxCalled {
		return whole
	}
	return shortened(r.Pipeline)
}

// shortened returns a text that fits into a table.
func shortened(text string) string {
	if len(text) <= maxCalled {
		return text
	}
	return strings.ToValidUTF8(text[:maxCalled-1], "") + "…"
}

// maxCalled is how many bytes of a command a table has, and maxFiles how many files of pipelines.
const maxCalled, maxFiles = 72, 2

// explanation prints the explanation of a target.
func (p printer) explanation(x *app.Explanation) {
	style := p.OutStyle()
	p.Printf("%s: %s\n", style.Bold(x.Target), cmp.Or(x.Summary, "a target of this project"))
	p.Printf("  %s: %s\n", x.Effect, promise(x.Effect))
	p.params(x.Target, x.Params)
	for _, part := range x.Parts {
		if len(x.Parts) > 1 || part.Target != x.Target {
			p.Printf("\n%s\n", style.Bold(part.Target))
		}
		p.part(part)
	}
	for _, skip := range x.Skipped {
		p.Printf("\n%s is skipped: %s\n", style.Bold(skip.Target), skip.Why)
	}
	if len(x.Steps) > 0 {
		p.Printf("\n%s\n", style.Bold("steps"))
	}
	for _, s := range x.Steps {
		p.step(s)
	}
	for _, text := range x.Omitted {
		p.Printf("\nnote: %s\n", text)
	}
}

// params prints the parameters of a target, with how they are given.
func (p printer) params(target string, all map[string]project.Param) {
	for _, name := range paramNames(all) {
		p.Printf("  %s  %s\n", p.OutStyle().Bold(paramOf(name, all[name])), all[name].Summary)
	}
	if len(all) > 0 {
		p.Printf("  davit %s %s\n", target, paramsOf(all))
	}
}

// paramNames returns the names of parameters, those that a caller must give first.
func paramNames(all map[string]project.Param) []string {
	names := slices.Sorted(maps.Keys(all))
	optional := func(name string) bool { return all[name].Default != nil }
	return slices.Concat(slices.DeleteFunc(slices.Clone(names), optional),
		slices.DeleteFunc(names, func(name string) bool { return !optional(name) }))
}

// paramsOf returns the parameters of a target as they are typed: "version=VALUE [level=major|minor]".
func paramsOf(all map[string]project.Param) string {
	var words []string
	for _, name := range paramNames(all) {
		word := paramOf(name, all[name])
		if all[name].Default != nil {
			word = "[" + word + "]"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// paramOf returns one parameter with its choices or its default: "level=major|minor", "version=VALUE", "tag=latest".
func paramOf(name string, p project.Param) string {
	switch {
	case len(p.Choices) > 0:
		return name + "=" + strings.Join(firstChoice(p), "|")
	case p.Default != nil:
		return name + "=" + *p.Default
	}
	return name + "=VALUE"
}

// firstChoice returns the choices of a parameter, its default first.
func firstChoice(p project.Param) []string {
	if p.Default == nil {
		return p.Choices
	}
	others := slices.DeleteFunc(slices.Clone(p.Choices), func(c string) bool { return c == *p.Default })
	return append([]string{*p.Default}, others...)
}

// part prints who provides a target, and who does not and why.
func (p printer) part(part app.Part) {
	if part.Command != "" {
		p.Printf("  by davit itself: davit help %s describes the command\n", part.Target)
	}
	for _, w := range part.Winners {
		p.Printf("  by %s (%s)%s\n", w.Provider, w.Authority, source(w))
		for _, line := range w.Reasons {
			p.Printf("    %s\n", line)
		}
		if len(w.Read) > 0 {
			p.Printf("    read: %s\n", firstOf(w.Read))
		}
	}
	for _, l := range part.Losers {
		p.Printf("  not %s%s: %s\n", l.Provider, source(l), l.Rejected)
	}
	for _, line := range part.Absent {
		p.Printf("  not %s\n", line)
	}
}

// firstOf returns a list of files that were there, and how many more there are. All are in the result for programs.
func firstOf(files []string) string {
	files = slices.DeleteFunc(slices.Clone(files), func(name string) bool { return strings.HasSuffix(name, " (absent)") })
	if len(files) <= maxRead {
		return strings.Join(files, ", ")
	}
	return fmt.Sprintf("%s and %d more, which --json names", strings.Join(files[:maxRead], ", "), len(files)-maxRead)
}

// maxRead is how many files an explanation names.
const maxRead = 12

// step prints a step with its notes.
func (p printer) step(s app.StepExplanation) {
	style := p.OutStyle()
	p.Printf("  %s  %s\n", style.Bold(s.ID), ui.Lines("    ", s.Command))
	for _, line := range s.Notes {
		p.Printf("    %s\n", style.Dim(line))
	}
}

// source returns the name that a provider has for the target, and the file that it comes from.
func source(w app.Provider) string {
	text := ""
	if w.As != "" {
		text += ", as " + w.As
	}
	if w.Source != "" {
		text += ", " + w.Source
	}
	return text
}

// promise returns what the effect of a target promises.
func promise(e conventions.Effect) string {
	return map[conventions.Effect]string{
		conventions.Reads:  "it must not change files that git tracks; davit checks this",
		conventions.Builds: "it writes only its outputs",
		conventions.Writes: "it may change files of the project, and is never cached",
		conventions.Runs:   "it runs until it is stopped, and owns the terminal",
		conventions.Ships:  "it changes an environment",
	}[e]
}
