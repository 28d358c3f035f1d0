package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner/host"
)

// Written returns what the steps that write files would change now, as one difference in the unified format; "" if
// there are none.
func (p *Project) Written(job *Job) (string, error) {
	var all strings.Builder
	for _, s := range job.Graph.Steps() {
		if s.Plan.Op != plan.OpWrite {
			continue
		}
		text, err := host.Difference(p.Root.Dir, s)
		if err != nil {
			return "", fmt.Errorf("%s: %w", s.ID, err)
		}
		all.WriteString(text)
	}
	return all.String(), nil
}

// confirmWrites shows what the steps of plugins would write before anything runs, and asks about it, where somebody is
// there to answer. What davit itself writes was asked for by name.
func (p *Project) confirmWrites(ctx context.Context, job *Job, r Request) error {
	if r.Piped || !p.Streams.InTerminal() {
		return nil
	}
	text, err := p.Written(job)
	if err != nil || text == "" {
		return err
	}
	p.Streams.Patch("", text)
	yes, err := p.Streams.Ask(ctx, "Write this?")
	if err == nil && !yes {
		err = fault.Refusef("", "not confirmed; nothing was run")
	}
	return err
}
