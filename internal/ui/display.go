package ui

// Display shows the events of one run. Event may be called from several goroutines at once.
//
// A Display also prints EventError and EventWarning, so that whoever sends one does not print it again.
type Display interface {
	Event(Event)
	// Close prints what is still held back and gives the terminal back. It may be called twice; nothing may be sent after it.
	Close()
}

// Options choose a display.
type Options struct {
	// JSON is --json: events as NDJSON on standard output, and nothing else.
	JSON bool
	// Quiet is --quiet: the output of what failed, and errors.
	Quiet bool
	// Verbose is --verbose: on a terminal, the output of every step as it comes.
	Verbose bool
}

// NewDisplay picks the display for what the user asked for, then for the CI system that runs davit, then for what standard
// output is.
func NewDisplay(s *Streams, o Options) Display {
	if o.JSON {
		return newJSON(s)
	}
	return &images{Display: newText(s, o), streams: s}
}

func newText(s *Streams, o Options) Display {
	switch {
	case o.Quiet:
		return newGate(newQuiet(s))
	case s.env("GITHUB_ACTIONS") == "true":
		return newGate(newGrouped(s, github{}))
	case s.env("GITLAB_CI") == "true":
		return newGate(newGrouped(s, &gitlab{}))
	case s.OutTerminal() && !s.dumb():
		return newGate(newTerminal(s, o.Verbose, everyTenth))
	}
	return newGate(newPlain(s))
}

// finished tells whether a step with this status is over.
func finished(status string) bool { return status != StatusRunning }
