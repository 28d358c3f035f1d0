package ui

import (
	"io"
	"slices"
	"strings"
)

// gap separates the columns of a table.
const gap = "  "

// Table prints rows with aligned columns on standard output. A row of one cell is a heading and does not
// count for the widths. Rows are wrapped at the width of a terminal, and only there. Cells are cleaned. paint,
// unless nil, colours the text of a cell after it has been cleaned and measured.
func (s *Streams) Table(rows [][]string, paint func(row, col int, text string) Text) {
	var b strings.Builder
	width, _ := s.OutSize()
	widths := narrowed(rows, columns(rows), width)
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

// maxNarrow is how wide a cell may be that counts for the width of its column in a table that does not fit on the terminal: a
// few long ones would leave no room for the last column.
const maxNarrow = 24

// narrowed returns the widths of the columns of a table on a terminal, which need not hold all cells.
func narrowed(rows [][]string, widths []int, width int) []int {
	total := 0
	for _, w := range widths {
		total += w + len(gap)
	}
	if width == 0 || total-len(gap) <= width {
		return widths
	}
	var short [][]string
	for _, row := range rows {
		row = slices.Clone(row)
		for col := range row {
			if col < len(widths)-1 && cells(oneLine(row[col])) > maxNarrow {
				row[col] = ""
			}
		}
		short = append(short, row)
	}
	return columns(short)
}

// minCell is the narrowest part of a line into which the end of a row is wrapped. Where less is left, it has lines of its
// own, this far from the left.
const minCell, ownLines = 24, 6

// tableRow returns the lines of a row: what does not fit into the width of a terminal goes on below. Blanks are written
// before a cell, never after the last one, so that no line ends in blanks.
func tableRow(row []string, widths []int, width int, paint func(int, string) string) string {
	var b strings.Builder
	at, blanks, over := 0, 0, false
	for col, cell := range row {
		text := oneLine(cell)
		if over && text != "" { // the cell before reaches into this column
			b.WriteString("\n")
			blanks, over = at, false
		}
		if lines, indent := cellLines(text, at, width); len(lines) > 0 {
			if indent < at {
				b.WriteString("\n")
				blanks = indent
			}
			for i, line := range lines {
				if i > 0 {
					b.WriteString("\n")
					blanks = indent
				}
				b.WriteString(strings.Repeat(" ", blanks) + paint(col, line))
			}
			text, blanks = lines[len(lines)-1], 0
		}
		over = over || cells(text) > widths[col]
		blanks += max(0, widths[col]-cells(text)) + len(gap)
		at += widths[col] + len(gap)
	}
	return b.String() + "\n"
}

// cellLines returns the lines of a cell that begins at a column, and where each but the first begins. One that begins
// further left has lines of its own.
func cellLines(text string, at, width int) (lines []string, indent int) {
	switch {
	case text == "":
		return nil, at
	case width == 0 || at+cells(text) <= width:
		return []string{text}, at
	case width-at >= minCell || at <= ownLines:
		return wrap(text, width-at), at
	}
	return wrap(text, max(width-ownLines, 1)), ownLines
}
