package ui

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// draw prints text that stays, and the live lines below it.
func (t *terminal) draw(text string) {
	lines := t.lines()
	t.show(text, lines)
	t.ticks.set(len(lines) > 0)
}

// redraw updates the elapsed times.
func (t *terminal) redraw() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if lines := t.lines(); len(lines) > 0 {
		t.show("", lines)
	}
}

// show passes text and live lines to the screen with its width now.
func (t *terminal) show(text string, lines []string) {
	width, _ := t.streams.OutSize()
	t.screen.show(text, lines, width)
}

// lines returns the live lines: as many as fit on the screen with the cursor below them, and none while a
// step owns the terminal.
func (t *terminal) lines() (lines []string) {
	width, height := t.streams.OutSize()
	rows, total := max(height-1, 1), t.total(width-1)
	if rows -= len(total); rows < 1 {
		rows, total = 1, nil
	}
	names, times := 0, 0
	for _, r := range t.running {
		if r.alone {
			return nil
		}
		names, times = max(names, cells(clean(r.Step))), max(times, cells(t.elapsed(r)))
	}
	for i, r := range t.running {
		if i == rows-1 && len(t.running) > rows {
			more := fmt.Sprintf("  … and %d more", len(t.running)-i)
			return append(append(lines, t.style.dim(truncate(more, width-1))), total...)
		}
		blanks := strings.Repeat(" ", times-cells(t.elapsed(r)))
		head := "  " + pad(clean(r.Step), names) + gap + blanks + t.elapsed(r) + gap
		lines = append(lines, t.live(head, command(r.Command), width-1))
	}
	if len(lines) == 0 {
		return nil
	}
	return append(lines, total...)
}

// total returns the line about the run as a whole: "2 of 7 done, 3 waiting, 12.4s". A run of a step or two needs none.
func (t *terminal) total(width int) []string {
	done := len(t.tally.order) - t.absent
	waiting := t.steps - done - len(t.running)
	if t.steps < 3 || waiting < 0 {
		return nil
	}
	text := fmt.Sprintf("  %d of %d done", done, t.steps)
	if waiting > 0 {
		text += fmt.Sprintf(", %d waiting", waiting)
	}
	return []string{t.style.dim(truncate(text+", "+elapsed(t.streams.Now().Sub(t.since)), width))}
}

// live returns one live line of a width. The last column stays free, as some terminals wrap when it is
// written.
func (t *terminal) live(head, command string, width int) string {
	if command == "" || cells(head) >= width {
		return truncate(strings.TrimRight(head, " "), width)
	}
	return head + t.style.dim(truncate(command, width-cells(head)))
}

func (t *terminal) elapsed(r *running) string { return elapsed(t.streams.Now().Sub(r.since)) }

// A screen has live lines at its bottom. The cursor is hidden at the start of the line below them.
type screen struct {
	out   io.Writer
	drawn []string
}

// show prints text above the live lines and replaces these, in one write so that nothing flickers. A terminal that has
// become narrower has broken lines, which then take several rows.
func (s *screen) show(text string, lines []string, width int) {
	var b strings.Builder
	drawn := rowsOf(s.drawn, width)
	if drawn > 0 {
		fmt.Fprintf(&b, "\r\x1b[%dA", drawn) // a terminal shows ^C where the cursor is
	}
	if drawn > 0 && (text != "" || len(lines) < drawn) {
		b.WriteString("\x1b[J")
	}
	b.WriteString(text)
	if drawn == 0 && len(lines) > 0 {
		b.WriteString("\x1b[?25l")
	}
	for _, line := range lines {
		b.WriteString(line + "\x1b[K\n")
	}
	if drawn > 0 && len(lines) == 0 {
		b.WriteString("\x1b[?25h")
	}
	if s.drawn = lines; b.Len() > 0 {
		io.WriteString(s.out, b.String())
	}
}

// rowsOf returns how many rows lines take on a terminal of a width. A rune of two columns does not begin in the last one.
func rowsOf(lines []string, width int) (rows int) {
	for _, line := range lines {
		rows++
		column := 0
		for _, r := range withoutColours(line) {
			n := runeWidth(r)
			if column+n > width && column > 0 {
				rows, column = rows+1, 0
			}
			column += n
		}
	}
	return rows
}

// A ticker starts a clock.
type ticker func() (strikes <-chan time.Time, stop func())

func everyTenth() (<-chan time.Time, func()) {
	t := time.NewTicker(100 * time.Millisecond)
	return t.C, t.Stop
}

// ticks calls a function at each tick while it is on.
type ticks struct {
	source ticker
	do     func()
	done   chan struct{} // nil while nothing ticks
}

func (t *ticks) set(wanted bool) {
	switch {
	case wanted && t.done == nil:
		t.done = make(chan struct{})
		strikes, stop := t.source()
		go t.loop(strikes, stop, t.done)
	case !wanted && t.done != nil:
		close(t.done)
		t.done = nil
	}
}

func (t *ticks) loop(strikes <-chan time.Time, stop func(), done <-chan struct{}) {
	defer stop()
	for {
		select {
		case <-done:
			return
		case <-strikes:
			t.do()
		}
	}
}

// withoutColours returns text without the sequences of a Style.
func withoutColours(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "\x1b[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(rest, "m")
	}
}
