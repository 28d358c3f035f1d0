package ui

import "io"

// quiet is the display of --quiet: it prints the output of steps that failed, their reasons, and errors.
type quiet struct {
	streams *Streams
	logs    *logs
}

func newQuiet(s *Streams) *quiet { return &quiet{streams: s, logs: newLogs()} }

func (q *quiet) Event(e Event) {
	switch {
	case e.Type == EventOutput:
		q.logs.keep(e)
	case e.Type == EventError:
		q.streams.notice(e)
	case e.Type == EventStep && finished(e.Status):
		q.step(e)
	}
}

func (q *quiet) step(e Event) {
	text := q.logs.take(e.Step)
	if e.Status != StatusFailed {
		return
	}
	io.WriteString(q.streams.out, text)
	if !e.ReasonFollows {
		q.streams.ErrorText(e.Step+": "+e.failureReason(), "")
	}
}

func (q *quiet) Close() {}
