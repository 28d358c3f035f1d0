package ui

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// vt is a terminal of a few rows. Lines that have scrolled out stay above, where the cursor cannot go.
type vt struct {
	mu            sync.Mutex
	t             *testing.T
	width, height int
	rows          []string
	x, y          int
	hidden        bool
}

func newVT(t *testing.T, width, height int) *vt {
	return &vt{t: t, width: width, height: height, rows: []string{""}}
}

var sequence = regexp.MustCompile(`^\x1b\[\??([0-9]*)([A-Za-z])`)

func (v *vt) Write(p []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for s := string(p); s != ""; {
		if m := sequence.FindStringSubmatch(s); m != nil {
			v.escape(m[1], m[2])
			s = s[len(m[0]):]
			continue
		}
		r, size := utf8.DecodeRuneInString(s)
		v.put(r)
		s = s[size:]
	}
	return len(p), nil
}

func (v *vt) escape(number, letter string) {
	n, _ := strconv.Atoi(number)
	switch letter {
	case "A":
		v.y = max(v.y-n, len(v.rows)-v.height, 0)
	case "K":
		v.rows[v.y] = v.left()
	case "J":
		v.rows = append(v.rows[:v.y], v.left())
	case "h", "l":
		v.hidden = letter == "l"
	case "m":
	default:
		v.t.Errorf("unknown escape sequence %q", number+letter)
	}
}

func (v *vt) left() string {
	row := []rune(v.rows[v.y])
	return string(row[:min(v.x, len(row))])
}

func (v *vt) put(r rune) {
	switch r {
	case '\r':
		v.x = 0
		return
	case '\n':
		v.x, v.y = 0, v.y+1
	default:
		if v.x == v.width {
			v.x, v.y = 0, v.y+1
		}
	}
	if v.y == len(v.rows) {
		v.rows = append(v.rows, "")
	}
	if r != '\n' {
		row := []rune(v.rows[v.y] + strings.Repeat(" ", max(0, v.x-utf8.RuneCountInString(v.rows[v.y]))))
		v.rows[v.y] = string(append(row[:v.x:v.x], append([]rune{r}, row[min(v.x+1, len(row)):]...)...))
		v.x++
	}
}

// String returns everything that the terminal has shown and not erased.
func (v *vt) String() string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return strings.TrimRight(strings.Join(v.rows, "\n"), "\n") + "\n"
}

func (v *vt) cursorHidden() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.hidden
}
