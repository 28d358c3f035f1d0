package ui

import "fmt"

// wait shows what a step waits for where its command will be.
func (t *terminal) wait(e Event) {
	i := t.find(e.Step)
	if i < 0 {
		t.running = append(t.running, &running{Event: Event{Step: e.Step}, since: t.streams.Now()})
		i = len(t.running) - 1
	}
	t.running[i].Command = progress(e)
	t.draw("")
}

// waits is the line that says so once, where lines only ever grow.
func waits(e Event, style Style) string {
	if e.Done > 0 {
		return ""
	}
	return style.Dim(clean(e.Step)+" waits: "+oneLine(e.Text)) + "\n"
}

// progress is "pulling golang:1.26: 120 of 800 MB".
func progress(e Event) string {
	const mb = 1_000_000
	switch {
	case e.Total > 0:
		return fmt.Sprintf("%s: %d of %d MB", e.Text, e.Done/mb, e.Total/mb)
	case e.Done > 0:
		return fmt.Sprintf("%s: %d MB", e.Text, e.Done/mb)
	}
	return e.Text
}
