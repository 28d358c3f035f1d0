package ui

// A Display shows the events of one run. Several goroutines may call Event at once.
//
// A Display also prints EventError and EventWarning, so that the sender does not print them again.
type Display interface {
	Event(Event)
	// Close prints what has not been printed, and restores the terminal. It may be called twice; no event may
	// follow.
	Close()
}

// Options select a display.
type Options struct {
	// JSON is --json: events as NDJSON on standard output, and nothing else.
	JSON bool
	// Quiet is --quiet: only errors, and the output of steps that failed.
	Quiet bool
	// Verbose is --verbose: on a terminal, the output of every step while it runs.
	Verbose bool
}

// NewDisplay returns the display for the options, or else for the CI system that runs davit, or else for the
// kind of standard output.
func NewDisplay(s *Streams, o Options) Display {
	if o.JSON {
		return newMasking(newJSON(s), s, true)
	}
	return newMasking(&images{Display: newText(s, o), streams: s}, s, false)
}

func newText(s *Streams, o Options) Display {
	switch {
	case o.Quiet:
		return newGate(newQuiet(s))
	case s.env("GITHUB_ACTIONS") == "true":
		d := newGate(newGrouped(s, github{}))
		if file := s.env("GITHUB_STEP_SUMMARY"); file != "" {
			return newJobSummary(d, s, file)
		}
		return d
	case s.env("GITLAB_CI") == "true":
		return newGate(newGrouped(s, &gitlab{}))
	case s.OutTerminal() && !s.dumb():
		return newGate(newTerminal(s, o.Verbose, everyTenth))
	}
	return newGate(newPlain(s))
}

// finished reports whether a status ends a step.
func finished(status string) bool { return status != StatusRunning }
