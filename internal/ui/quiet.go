package ui

import "io"

// quiet says nothing of what goes well: it prints the output of steps that failed, why they did, and errors.
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
	text := q.logs.drop(e.Step)
	if e.Status != StatusFailed {
		return
	}
	io.WriteString(q.streams.Out, text)
	q.streams.ErrorText(e.Step+": "+e.why(), "")
}

func (q *quiet) Close() {}
