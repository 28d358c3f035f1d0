package ui

import "fmt"

// progress shows on its live line what a step waits for.
func (t *terminal) progress(e Event) {
	i := t.find(e.Step)
	if i < 0 {
		t.running = append(t.running, &running{Event: Event{Step: e.Step}, since: t.streams.Now()})
		i = len(t.running) - 1
	}
	t.running[i].Command = progressText(e)
	t.draw("")
}

// waitLine returns the line that says once what a step waits for, for displays that cannot move the cursor.
func waitLine(e Event, style Style) string {
	if e.Done > 0 {
		return ""
	}
	return style.dim(clean(e.Step)+" waits: "+oneLine(e.Text)) + "\n"
}

// progressText returns the progress as text: "pulling golang:1.26: 120 of 800 MB".
func progressText(e Event) string {
	const mb = 1_000_000
	switch {
	case e.Total > 0:
		return fmt.Sprintf("%s: %d of %d MB", e.Text, e.Done/mb, e.Total/mb)
	case e.Done > 0:
		return fmt.Sprintf("%s: %d MB", e.Text, e.Done/mb)
	}
	return e.Text
}
