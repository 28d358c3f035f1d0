package ui

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/mattn/go-runewidth"

	"github.com/davit-dev/davit/internal/text"
)

// clean makes somebody else's text safe to print.
func clean(line string) string { return text.Line(line) }

// oneLine returns the first line of a command or a reason, cleaned, with " …" where more follows.
func oneLine(lines string) string {
	first, rest, more := strings.Cut(strings.TrimLeft(lines, "\r\n"), "\n")
	first = clean(strings.TrimRight(first, " \t\r"))
	if more && strings.TrimSpace(rest) != "" {
		return first + " …"
	}
	return first
}

// widths are those of terminals outside of East Asia, where what is ambiguous ("…", "✓") takes one column.
var widths = runewidth.Condition{StrictEmojiNeutral: true}

func runeWidth(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	return widths.RuneWidth(r)
}

// cells returns how many columns text takes on a terminal.
func cells(text string) (n int) {
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// truncate shortens text to a number of columns. If something is cut off, the last one is "…".
func truncate(text string, width int) string {
	if cells(text) <= width {
		return text
	}
	n := 0
	for i, r := range text {
		if n += runeWidth(r); n > width-1 {
			return strings.TrimRight(text[:i], "\u200d") + strings.Repeat("…", min(max(width, 0), 1))
		}
	}
	return text
}

// wrap breaks text into lines of at most a number of columns: between words, and in words that are longer.
func wrap(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.Split(text, " ") {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for cells(line) > width && width > 1 {
			head := headOf(line, width)
			lines, line = append(lines, head), line[len(head):]
		}
	}
	return append(lines, line)
}

// headOf returns the beginning of text that fits into a number of columns, at least one character.
func headOf(text string, width int) string {
	n := 0
	for i, r := range text {
		if n += runeWidth(r); n > width && i > 0 {
			return text[:i]
		}
	}
	return text
}

// pad fills text up to a number of columns.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-cells(text)))
}

// elapsed formats a duration: 0.4s, 12.3s, 1m05s, 2h03m.
func elapsed(d time.Duration) string {
	switch {
	case d < 0:
		return "0.0s"
	case d < time.Minute-50*time.Millisecond:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Hour-500*time.Millisecond:
		d = d.Round(time.Second)
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	d = d.Round(time.Minute)
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

func seconds(s float64) string { return elapsed(time.Duration(s * float64(time.Second))) }

// command returns a command as one line, without the indentation of a script.
func command(text string) string { return oneLine(strings.TrimSpace(text)) }
