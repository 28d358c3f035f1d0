package ui

import (
	"fmt"
	"slices"
	"strings"
)

// A tally counts how the steps of a run ended, for its summary.
type tally struct {
	order []string
	last  map[string]Event
}

func newTally() *tally { return &tally{last: map[string]Event{}} }

// add adds the last status of a step; a later event replaces it, unless the step had failed.
func (t *tally) add(e Event) {
	if _, known := t.last[e.Step]; !known {
		t.order = append(t.order, e.Step)
	}
	if t.last[e.Step].Status != StatusFailed || e.Status == StatusFailed {
		t.last[e.Step] = e
	}
}

// summaryParts are the parts of a summary. The most important one is last, where the reader looks first.
var summaryParts = []struct{ status, word string }{
	{StatusOK, "ran"}, {StatusCached, "cached"}, {StatusSkipped, "skipped"},
	{StatusNotRun, "not run"}, {StatusCancelled, "cancelled"}, {StatusFailed, "failed"},
}

// summary returns the summary of a run that ended with e. If every step has left a line of its own,
// successful steps are only counted.
func (t *tally) summary(e Event, style Style, all bool) string {
	var rows [][3]string
	for _, kind := range summaryParts {
		if all || kind.status != StatusOK && kind.status != StatusCached {
			rows = append(rows, t.rows(kind.status, kind.word)...)
		}
	}
	var b strings.Builder
	words, names := rowWidths(rows)
	for _, r := range rows {
		line := pad(r[0], words) + gap + pad(r[1], names) + gap + r[2]
		b.WriteString(styled(style, r[0], strings.TrimRight(line, " ")) + "\n")
	}
	for _, hint := range t.hints() {
		b.WriteString("hint: " + oneLine(hint) + "\n")
	}
	for _, caveat := range e.Caveats {
		b.WriteString(style.yellow("note: "+oneLine(caveat)) + "\n")
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return "\n" + b.String() + t.verdict(e, style) + "\n"
}

func (t *tally) rows(status, word string) (rows [][3]string) {
	for _, step := range t.order {
		if e := t.last[step]; e.Status == status {
			rows = append(rows, [3]string{word, clean(step), e.detail()})
		}
	}
	return rows
}

// hints returns what can be done about the steps that failed, each once.
func (t *tally) hints() (all []string) {
	for _, step := range t.order {
		if e := t.last[step]; e.Status == StatusFailed && e.Hint != "" && !slices.Contains(all, e.Hint) {
			all = append(all, e.Hint)
		}
	}
	return all
}

func rowWidths(rows [][3]string) (words, names int) {
	for _, r := range rows {
		words, names = max(words, cells(r[0])), max(names, cells(r[1]))
	}
	return words, names
}

func styled(style Style, word, line string) string {
	switch word {
	case "failed":
		return style.red(line)
	case "ran":
		return line
	}
	return style.dim(line)
}

// verdict returns the last line: "failed in 4.6s: 1 failed, 2 ran; 446 tests passed, 2 tests failed".
func (t *tally) verdict(e Event, style Style) string {
	line := oneLine(e.Status)
	if e.Status == StatusOK {
		line = style.bold(style.green(line))
	} else {
		line = style.bold(style.red(line))
	}
	line += " in " + seconds(e.Seconds)
	if counts := t.counts(); counts != "" {
		line += ": " + counts
	}
	return e.Tests.after(line, "; ")
}

func (t *tally) counts() string {
	var parts []string
	for _, kind := range slices.Backward(summaryParts) {
		if n := t.count(kind.status); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, kind.word))
		}
	}
	return strings.Join(parts, ", ")
}

func (t *tally) count(status string) (n int) {
	for _, e := range t.last {
		if e.Status == status {
			n++
		}
	}
	return n
}

// detail returns what a summary says of a step beyond its status: its time, or why it failed or did not run.
func (e Event) detail() string {
	switch {
	case e.Status == StatusOK:
		return seconds(e.Seconds)
	case e.Status == StatusFailed:
		return strings.TrimPrefix(e.becauseOf(), ": ")
	}
	return oneLine(e.Reason)
}

// becauseOf returns ": " and why a step failed, or nothing if the error that ends the run says it.
func (e Event) becauseOf() string {
	if e.ReasonFollows {
		return ""
	}
	return ": " + e.failureReason()
}

// failureReason returns why a step failed, with its exit code even if the reason does not give it.
func (e Event) failureReason() string {
	reason, code := oneLine(e.Reason), fmt.Sprint(e.Exit)
	switch {
	case reason == "" && e.Exit == 0:
		return "no reason given"
	case reason == "":
		return "exit status " + code
	case e.Exit == 0 || strings.HasSuffix(reason, " "+code):
		return reason
	}
	return reason + " (exit status " + code + ")"
}
