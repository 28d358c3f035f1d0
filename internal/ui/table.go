package ui

import (
	"io"
	"strings"
)

// gap separates the columns of a table.
const gap = "  "

// Table prints rows with aligned columns on standard output. A row of one cell is a heading and does not
// count for the widths. Rows are cut to the width of a terminal, and only there. Cells are cleaned. paint,
// unless nil, colours the text of a cell after it has been cleaned and measured.
func (s *Streams) Table(rows [][]string, paint func(row, col int, text string) Text) {
	var b strings.Builder
	width, _ := s.OutSize()
	widths := columns(rows)
	for i, row := range rows {
		b.WriteString(tableRow(row, widths, width, func(col int, text string) string {
			if paint == nil || text == "" {
				return text
			}
			return paint(i, col, text).text
		}))
	}
	io.WriteString(s.out, b.String())
}

func columns(rows [][]string) (widths []int) {
	for _, row := range rows {
		for col, cell := range row {
			if col == len(widths) {
				widths = append(widths, 0)
			}
			if len(row) > 1 {
				widths[col] = max(widths[col], cells(oneLine(cell)))
			}
		}
	}
	return widths
}

// tableRow returns one line. Blanks are written before a cell, never after the last one, so that no line ends
// in blanks.
func tableRow(row []string, widths []int, width int, paint func(int, string) string) string {
	var b strings.Builder
	at, blanks := 0, 0
	for col, cell := range row {
		text := oneLine(cell)
		if width > 0 {
			text = truncate(text, width-at)
		}
		if text != "" {
			b.WriteString(strings.Repeat(" ", blanks) + paint(col, text))
			blanks = 0
		}
		blanks += max(0, widths[col]-cells(text)) + len(gap)
		at += widths[col] + len(gap)
	}
	return b.String() + "\n"
}
