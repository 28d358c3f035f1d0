package cli

import (
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// A printer prints results for people: one method for each kind of result.
type printer struct {
	*ui.Streams
	verbose bool
}

// printer returns the printer of a call.
func (c *call) printer() printer { return printer{c.Streams, c.options.Verbose} }

// result prints the result of a command: as JSON with --json, otherwise as print does.
func (c *call) result(v any, print func(printer)) error {
	if c.options.JSON {
		return c.printJSON(v)
	}
	print(c.printer())
	return nil
}

// printJSON prints one JSON object over several lines.
func (c *call) printJSON(v any) error {
	return c.Streams.Encoder().Indented().Encode(v)
}

// age returns how long ago something was.
func (p printer) age(t time.Time) string { return ui.Age(p.Now().Sub(t)) + " ago" }

// tableWithHead prints a table; on a terminal below a line that names its columns.
func (p printer) tableWithHead(head []string, rows [][]string, paint func(row, col int, text string) ui.Text) {
	if !p.OutTerminal() {
		p.Table(rows, paint)
		return
	}
	style := p.OutStyle()
	p.Table(append([][]string{head}, rows...), func(row, col int, text string) ui.Text {
		if row == 0 {
			return style.Dim(text)
		}
		return paint(row-1, col, text)
	})
}
