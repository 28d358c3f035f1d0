package ui

import "io"

// masking is a display that passes the values that steps ask to mask on to GitHub Actions, which shows none of the
// lines that say so. Nothing else gets them.
type masking struct {
	Display
	github io.Writer // nil where GitHub Actions does not read the output
}

// newMasking returns a display for what reads standard output.
func newMasking(d Display, s *Streams, json bool) Display {
	m := masking{Display: d}
	if !json && s.env("GITHUB_ACTIONS") == "true" {
		m.github = unfiltered(s.out)
	}
	return m
}

func (m masking) Event(e Event) {
	switch {
	case e.Type != EventMask:
		m.Display.Event(e)
	case m.github != nil:
		_, _ = io.WriteString(m.github, "::add-mask::"+e.Secret+"\n") // there is nowhere else to say it
	}
}
