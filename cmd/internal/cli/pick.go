package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
)

// A choice is a target that can be picked.
type choice struct {
	name, summary string
	params        map[string]project.Param
}

// pick asks for the targets to run, at a terminal, and runs them.
func (c *call) pick(ctx context.Context, r *runCmd) error {
	if len(r.Targets) > 0 {
		return fault.Preconditionf("davit "+strings.Join(r.Targets, " ")+" runs them without -i", "-i asks for the targets, and some are named")
	}
	if c.options.JSON || !c.Streams.InTerminal() {
		return fault.Preconditionf("davit TARGET... runs targets, davit targets lists them", "-i asks for the targets, and this is no terminal")
	}
	all, err := c.choices(ctx)
	if err != nil {
		return err
	}
	picked, err := c.picked(ctx, all)
	if err != nil || len(picked) == 0 {
		return err
	}
	if picked, err = c.withAnswers(ctx, all, picked); err != nil {
		return err
	}
	return c.run(ctx, picked, r.runOptions)
}

// withAnswers adds the values of parameters that picked targets need and nobody gave. It asks for each.
func (c *call) withAnswers(ctx context.Context, all []choice, picked []string) ([]string, error) {
	for _, one := range all {
		if !slices.Contains(picked, one.name) {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(one.params)) {
			param := one.params[name]
			if param.Default != nil || slices.ContainsFunc(picked, func(word string) bool { return strings.HasPrefix(word, name+"=") }) {
				continue
			}
			value, err := c.Streams.Prompt(ctx, one.name+" needs "+paramsOf(map[string]project.Param{name: param})+":", "")
			if err != nil {
				return nil, err
			}
			picked = append(picked, name+"="+value)
		}
	}
	return picked, nil
}

// choices returns the targets that the project offers, as they are listed.
func (c *call) choices(ctx context.Context) (all []choice, err error) {
	p, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if len(p.Offers) == 0 {
		return nil, p.EmptyError()
	}
	p.WarnFailures()
	return choicesOf(p), nil
}

func choicesOf(p *app.Project) (all []choice) {
	for _, t := range p.Resolution.Targets {
		if uses, _ := p.Resolution.Expand(t); len(uses) > 0 && !p.Hidden(t.Name) {
			all = append(all, choice{t.Name, withParams(t.Summary, p.Params(t.Name)), p.Params(t.Name)})
		}
	}
	return all
}

// picked returns the words that somebody chose: with fzf, where that is in PATH, or else from a numbered list.
func (c *call) picked(ctx context.Context, all []choice) ([]string, error) {
	if fzf, err := exec.LookPath("fzf"); err == nil {
		return pickWithFzf(ctx, fzf, all)
	}
	var rows [][]string
	for i, one := range all {
		rows = append(rows, []string{fmt.Sprintf("%3d", i+1), one.name, one.summary})
	}
	p := printer{Streams: c.Streams.OnErr()}
	p.Table(rows, nil)
	for {
		line, err := c.Streams.Prompt(ctx, "Run which (numbers or names)?", "")
		if err != nil {
			return nil, err
		}
		words, unknown := chosen(all, strings.Fields(line))
		if unknown == "" {
			return words, nil
		}
		c.Streams.Warning(fmt.Sprintf("the list has no %q", unknown), "")
	}
}

// chosen returns the targets that words name, by number or by name, and parameters as they are; or the first word that is
// none of these.
func chosen(all []choice, words []string) (targets []string, unknown string) {
	for _, word := range words {
		named, params := splitParams([]string{word})
		n, err := strconv.Atoi(word)
		switch {
		case len(params) > 0:
		case err == nil && n >= 1 && n <= len(all):
			word = all[n-1].name
		case !slices.ContainsFunc(all, func(one choice) bool { return one.name == named[0] }):
			return nil, word
		}
		targets = append(targets, word)
	}
	return targets, ""
}

// The exit codes with which fzf says that no line matched, and that it was left with Ctrl-C or Esc.
const (
	fzfNoMatch = 1
	fzfLeft    = 130
)

// pickWithFzf lets fzf ask, which reads keys and draws at the terminal itself.
func pickWithFzf(ctx context.Context, fzf string, all []choice) ([]string, error) {
	var lines, out bytes.Buffer
	for _, one := range all {
		fmt.Fprintf(&lines, "%s\t%s\n", one.name, one.summary)
	}
	c := exec.CommandContext(ctx, fzf, "--multi", "--reverse", "--height=60%", "--delimiter=\t", "--tabstop=24",
		"--prompt=davit ", "--header=Tab marks several")
	c.Stdin, c.Stdout, c.Stderr = &lines, &out, os.Stderr
	err := c.Run()
	switch e, is := errors.AsType[*exec.ExitError](err); {
	case is && e.ExitCode() == fzfNoMatch:
		return nil, nil
	case is && e.ExitCode() == fzfLeft:
		return nil, &app.SilentError{Code: fault.Interrupted}
	case err != nil:
		return nil, fmt.Errorf("fzf could not ask for the targets: %w", err)
	}
	var names []string
	for line := range strings.Lines(out.String()) {
		name, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "\t")
		names = append(names, name)
	}
	return names, nil
}
