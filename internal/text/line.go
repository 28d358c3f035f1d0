package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s as one line that is safe on a terminal and in the log of a CI system: what is refused is
// escaped as Go does it (`\x1b`, `\n`, `\u202e`), and a backslash breaks the commands of CI systems. Text
// without any of that is returned as it is. Line of a Line is the same line.
func Line(s string) string {
	if plain(s) {
		return s
	}
	return breakCommands(escape(s))
}

// Block returns s as lines of which each is what Line makes of it, without the line ends at its end, and with
// four blanks for each tab. All lines but the first have the indent before them.
func Block(s, indent string) string {
	lines := strings.Split(strings.TrimRight(s, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = Line(strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", "    "))
	}
	return strings.Join(lines, "\n"+indent)
}

// plain reports whether s needs no change: printable ASCII that is no command of a CI system.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return breakCommands(s) == s
}

// escape escapes what is refused, and bytes that are no UTF-8.
func escape(s string) string {
	var b strings.Builder
	before := rune(0) // the rune that was written last; 0 after an escape
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		after, _ := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i-1])
			before = 0
		case Refused(r) && !joins(before, r, after):
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			before = 0
		default:
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

// invisible are runes that are shown as nothing, besides those that Unicode itself ignores.
var invisible = &unicode.RangeTable{
	R16: []unicode.Range16{{0x2800, 0x2800, 1}},
	R32: []unicode.Range32{{0x1d159, 0x1d159, 1}},
}

// Refused reports whether a rune is invisible, or changes what the text around it looks like: controls (C0,
// C1, DEL), bidirectional formatting, zero-width characters, tags, variation selectors, fillers, separators of
// lines, and what Unicode has not assigned.
func Refused(r rune) bool {
	return !unicode.IsGraphic(r) || r > unicode.MaxLatin1 && unicode.In(r, invisible,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// joins reports whether a rune that is refused elsewhere belongs between two others: the joiner of an emoji
// such as a family, and the selector of the form of a symbol or of an ideograph.
func joins(before, r, after rune) bool {
	switch {
	case r == zeroWidthJoiner:
		return (pictograph(before) || selects(before)) && pictograph(after)
	case selects(r):
		return pictograph(before) || unicode.Is(unicode.Sm, before) || strings.ContainsRune("#*0123456789‼⁉ℹ〰", before)
	case r >= 0xe0100 && r <= 0xe01ef:
		return unicode.Is(unicode.Han, before)
	}
	return false
}

const zeroWidthJoiner = 0x200d

// selects reports whether a rune selects the form of the symbol before it: that of text, or that of an emoji.
func selects(r rune) bool { return r == 0xfe0e || r == 0xfe0f }

// pictograph reports whether a rune is a symbol, or the colour of the skin of one.
func pictograph(r rune) bool {
	return r != utf8.RuneError && unicode.Is(unicode.So, r) && !unicode.Is(invisible, r) || r >= 0x1f3fb && r <= 0x1f3ff
}
