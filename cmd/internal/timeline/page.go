package timeline

import (
	_ "embed" // the page
	"html/template"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
)

//go:embed page.html
var source string

// page is made once, in a program that often makes none.
func page() *template.Template {
	return template.Must(template.New("page").Funcs(template.FuncMap{
		"line": text.Line, "verb": verb, "seconds": seconds, "when": when, "took": took, "ran": ran,
		"open": func(s app.PastStep) bool { return s.Status == ui.StatusFailed || s.Status == ui.StatusCancelled },
	}).Parse(source))
}

// Page writes the timeline of a run.
func Page(w io.Writer, run *app.PastRun) error {
	return page().Execute(w, struct {
		*app.PastRun
		Bars  []bar
		Ticks []tick
	}{run, bars(run), ticks(run.Seconds)})
}

// A bar is a step with its place on the time axis, in percent.
type bar struct {
	app.PastStep
	Left, Width float64
	Log         string
}

// A tick is a mark of the time axis. The text of one at its end is to the left of it.
type tick struct {
	Left, Right float64
	Text        string
}

func bars(run *app.PastRun) (all []bar) {
	percent := func(seconds float64) float64 {
		return math.Round(10000*min(1, seconds/math.Max(run.Seconds, 0.001))) / 100
	}
	for _, s := range run.Steps {
		left := percent(s.Start)
		all = append(all, bar{s, left, min(percent(s.Seconds), 100-left), plain(s.Output)})
	}
	return all
}

// ticks returns up to six marks, at round times.
func ticks(total float64) (all []tick) {
	if total <= 0 {
		return nil
	}
	unit := math.Pow(10, math.Floor(math.Log10(total)))
	for _, part := range []float64{5, 2, 1, 0.5, 0.2} {
		if all == nil && total/(unit*part) >= 3 {
			for at := 0.0; at < total; at += unit * part {
				left := math.Round(10000*at/total) / 100
				all = append(all, tick{left, 100 - left, seconds(at)})
			}
		}
	}
	return all
}

// plain returns what a program printed without colours, controls and what changes the look of the text around it. Of a line
// that was written over by the next one, as of progress, the last text is left.
func plain(output string) string {
	var b strings.Builder
	_, _ = (&text.Filter{W: &b}).Write([]byte(output)) // a builder takes all
	lines := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimRight(line, "\r")
		lines[i] = withoutColours(line[strings.LastIndexByte(line, '\r')+1:])
	}
	return strings.Join(lines, "\n")
}

// withoutColours returns a line without the sequences that a Filter leaves.
func withoutColours(line string) string {
	var b strings.Builder
	for line != "" {
		if rest, is := strings.CutPrefix(line, "\x1b["); is {
			_, line, _ = strings.Cut(rest, "m")
			continue
		}
		_, size := utf8.DecodeRuneInString(line)
		b.WriteString(line[:size])
		line = line[size:]
	}
	return b.String()
}
