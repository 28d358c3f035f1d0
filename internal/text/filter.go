package text

import (
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Filter passes on what a program prints without what controls a terminal: colours (SGR), line ends,
// carriage returns and tabs stay; other sequences and controls are dropped, and so are bidirectional
// formatting and bytes that are no UTF-8. It keeps a sequence that comes in two pieces, and ends one that has
// no end with its line.
type Filter struct {
	W io.Writer

	state func(*Filter, rune)
	begun []byte          // of a rune
	code  []rune          // of a sequence that may be a colour
	out   strings.Builder // what is passed on
}

// Colors returns what a Filter leaves of a line, without carriage returns, and ends its colours with it.
func Colors(line string) string {
	var b strings.Builder
	_, _ = (&Filter{W: &b}).Write([]byte(line)) // a Builder takes everything
	line = strings.ReplaceAll(b.String(), "\r", "")
	if strings.Contains(line, "\x1b") {
		line += "\x1b[0m"
	}
	return line
}

// Write returns the length of p, and the error of the writer behind it.
func (f *Filter) Write(p []byte) (int, error) {
	f.begun = append(f.begun, p...)
	for len(f.begun) > 0 && utf8.FullRune(f.begun) {
		r, size := utf8.DecodeRune(f.begun)
		if r != utf8.RuneError || size > 1 {
			f.rune(r)
		}
		f.begun = f.begun[size:]
	}
	passed := f.out.String()
	f.out.Reset()
	if passed == "" {
		return len(p), nil
	}
	_, err := io.WriteString(f.W, passed)
	return len(p), err
}

// The parts of a sequence are those of ECMA-48, with the C1 controls in either of their forms.
func (f *Filter) rune(r rune) {
	switch {
	case r == '\x1b':
		f.state = (*Filter).escaped
	case r >= 0x80 && r <= 0x9f:
		f.escaped(r - 0x40)
	case r == '\n', r == '\x18', r == '\x1a': // the end of a line, CAN and SUB end what has no end
		f.state = nil
		f.text(r)
	case f.state != nil:
		f.state(f, r)
	default:
		f.text(r)
	}
}

func (f *Filter) text(r rune) {
	if !unicode.IsControl(r) && !unicode.Is(unicode.Bidi_Control, r) && !unicode.In(r, unicode.Zl, unicode.Zp) ||
		strings.ContainsRune("\n\r\t", r) {
		f.out.WriteRune(r)
	}
}

// escaped is the state after ESC.
func (f *Filter) escaped(r rune) {
	switch {
	case r == '[':
		f.code, f.state = f.code[:0], (*Filter).control
	case strings.ContainsRune("]PX^_", r): // OSC, DCS, SOS, PM, APC
		f.state = (*Filter).commanded
	case r >= ' ' && r <= '/': // more follows
		f.state = (*Filter).escaped
	default:
		f.state = nil
	}
}

// maxCode is how many characters a colour has at most.
const maxCode = 64

// control is the state after CSI.
func (f *Filter) control(r rune) {
	switch f.code = append(f.code, r); {
	case r < '@' || r > '~':
		f.code = f.code[:min(len(f.code), maxCode+1)]
		return
	case r == 'm' && len(f.code) <= maxCode && strings.Trim(string(f.code), "0123456789;:") == "m":
		f.out.WriteString("\x1b[" + string(f.code))
	}
	f.state = nil
}

// commanded is the state within a string, such as the title of a window. ST (ESC \, or C1) ends it as any other
// sequence does.
func (f *Filter) commanded(r rune) {
	if r == '\a' {
		f.state = nil
	}
}
