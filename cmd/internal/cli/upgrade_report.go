package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/upgrade"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
)

// An upgradeReporter tells the user what an upgrade does, and asks: in lines, or in events with --json.
type upgradeReporter struct {
	*call
	asks bool
}

// Propose prints what a subject would do.
func (r *upgradeReporter) Propose(p *upgrade.Proposal) {
	if !r.silent() && (p.State != upgrade.Unknown || p.Move == nil) {
		r.printer().upgradeProposal(p)
	}
	if r.options.JSON && p.Move == nil {
		r.event(p.Subject, ui.StatusSkipped, p.Reason)
	}
}

// Show prints what became of the files of a subject.
func (r *upgradeReporter) Show(subject string, changes []upgrade.Change) {
	if !r.silent() {
		r.Streams.Printf("%s  changed:\n", subject)
		r.printer().changes(changes)
	}
}

// Agrees asks whether the user wants the changes of a subject, if somebody is there to answer.
func (r *upgradeReporter) Agrees(ctx context.Context, subject string) (bool, error) {
	if !r.asks {
		return true, nil
	}
	return r.Streams.Ask(ctx, fmt.Sprintf("Upgrade %s in this way?", subject))
}

// Resume warns that an earlier upgrade was interrupted, and says what is left of it.
func (r *upgradeReporter) Resume(subject string, left []string, kept string) {
	what, hint := "what it had written is taken back", ""
	if len(left) > 0 {
		what = "it has left " + text.And(left) + " changed"
	}
	if kept != "" {
		hint = "what was not committed is as it was before in " + kept
	}
	r.Streams.Warning(fmt.Sprintf("an earlier upgrade of %s was interrupted: %s", subject, what), hint)
}

// End prints how the upgrade of a subject ended.
func (r *upgradeReporter) End(subject, outcome, reason, kept string) {
	if kept != "" {
		reason = strings.TrimPrefix(reason+"; what it had written is in "+kept, "; ")
	}
	status := map[string]string{upgrade.Moved: ui.StatusOK, upgrade.TakenBack: ui.StatusFailed}[outcome]
	switch {
	case r.options.JSON && status == "":
		r.event(subject, ui.StatusSkipped, outcome)
	case r.options.JSON:
		r.event(subject, status, reason)
	case outcome == upgrade.TakenBack:
		r.Streams.Warning(fmt.Sprintf("%s: taken back, %s", subject, reason), "")
	case !r.silent() && outcome == upgrade.Unchanged:
		r.Streams.Printf("%s  no file changed\n", subject)
	case !r.silent() && outcome == upgrade.Declined:
		r.Streams.Printf("%s  left as it is\n", subject)
	}
}

// silent reports whether nothing is printed for people.
func (r *upgradeReporter) silent() bool { return r.options.JSON || r.options.Quiet }

// event prints the event of a subject.
func (r *upgradeReporter) event(subject, status, reason string) {
	ui.NewDisplay(r.Streams, ui.Options{JSON: true}).Event(ui.Event{Type: ui.EventStep, Step: "upgrade:" + subject, Status: status,
		Reason: reason})
}

// upgradeProposal prints the status of a subject, and what becomes of files.
func (p printer) upgradeProposal(proposal *upgrade.Proposal) {
	p.subject(proposal.Status)
	p.changes(proposal.Changes)
}

// subject prints the status of a subject. Of several things at their newest versions it prints how many they are.
func (p printer) subject(s upgrade.Status) {
	var lines []string
	current := 0
	for _, i := range s.Items {
		switch {
		case i.Moves():
			lines = append(lines, fmt.Sprintf("%s: %s to %s", i.Name, shortVersion(i.Current), shortVersion(i.Newest)))
		case i.Newest == "" || i.IsBehind():
			lines = append(lines, fmt.Sprintf("%s stays at %s: %s", i.Name, shortVersion(i.Current), i.Reason))
		case len(s.Items) == 1:
			lines = append(lines, fmt.Sprintf("%s is at its newest version, %s", i.Name, shortVersion(i.Current)))
		default:
			current++
		}
	}
	if current > 0 {
		lines = append(lines, fmt.Sprintf("%d of %d at their newest versions", current, len(s.Items)))
	}
	if len(lines) == 0 && s.State == upgrade.Current {
		lines = append(lines, "at their newest versions")
	}
	if s.Reason != "" {
		lines = append(lines, "not looked up: "+s.Reason)
	}
	var rows [][]string
	for i, line := range lines {
		if i == 0 {
			rows = append(rows, []string{s.Subject, line})
		} else {
			rows = append(rows, []string{"", line})
		}
	}
	p.Table(rows, nil)
}

// shortVersion returns a version for people: a digest in its short form.
func shortVersion(v string) string {
	if strings.HasPrefix(v, "sha256:") {
		return blobs.Short(v)
	}
	return v
}

// changes prints what becomes of files.
func (p printer) changes(changes []upgrade.Change) {
	var rows [][]string
	for _, c := range changes {
		row := []string{"  " + c.Action, c.Path}
		if c.Reason != "" {
			row = append(row, c.Reason)
		}
		rows = append(rows, row)
	}
	p.Table(rows, nil)
	for _, c := range changes {
		p.change(c)
	}
}

// shownLines is how many lines of a difference are printed without --verbose.
const shownLines = 60

// change prints the difference that a change makes.
func (p printer) change(c upgrade.Change) {
	patch := ui.Unified("a/"+c.Path, c.Was, "b/"+c.Path, c.Now)
	if patch == "" || strings.ContainsRune(patch, 0) {
		return
	}
	lines := strings.SplitAfter(patch, "\n")
	more := len(lines) - shownLines
	if p.verbose || more <= 1 {
		p.Patch("", patch)
		return
	}
	p.Patch("", strings.Join(lines[:shownLines], ""))
	p.Printf("%s\n", p.OutStyle().Dim(fmt.Sprintf("… %d more lines; -v prints them", more)))
}
