package text

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestFilter(t *testing.T) {
	for s, want := range map[string]string{
		"plain\n":                            "plain\n",
		"a\tb\r\n":                           "a\tb\r\n",
		"\x1b[1;31mred\x1b[0m \x1b[38:5:9mx": "\x1b[1;31mred\x1b[0m \x1b[38:5:9mx",
		"\x1b[mreset\u009b7m":                "\x1b[mreset\x1b[7m",
		"\x1b[2J\x1b[1A\x1b[?25lx\x1b[K":     "x",
		"\x1b[?1m\x1b[>4m\x1b[1 mx":          "x",
		"\x1b]0;title\ax\x1b]52;c;aGk=\x1b\\y\u009dz\u009c!":  "xy!",
		"\x1bP+q\x1b\\x\x1b_a\x1b\\\x1b^b\x1b\\\x1bXc\x1b\\y": "xy",
		"\x1bc\x1b(Bx\x1b7\x1b#8\x1b%G":                       "x",
		"\x1b]0;never\nnext\x1b[\nlast":                       "\nnext\nlast",
		"\x1b[12\x18x\x1b[1\x1b[31my":                         "x\x1b[31my",
		"a\b\x07\x00\x7f\u0085b":                              "ab",
		"\u202ea\u2066\u200f\u061c\u2028b":                    "ab",
		"\xff\x9b2Ja\xc3":                                     "2Ja",
		"👩\u200d💻 Tür":                                        "👩\u200d💻 Tür",
		"\x1b[" + strings.Repeat("1;", 40) + "mx":             "x",
	} {
		if got := filtered(s, len(s)); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
		if got := filtered(s, 1); got != want {
			t.Errorf("%q byte by byte becomes %q, want %q", s, got, want)
		}
	}
	if got, want := Colors("10%\r20%\x1b[31m!"), "10%20%\x1b[31m!\x1b[0m"; got != want {
		t.Errorf("the line is %q, want %q", got, want)
	}
}

// filtered writes pieces of a length to a filter.
func filtered(s string, length int) string {
	var b strings.Builder
	f := &Filter{W: &b}
	for len(s) > 0 {
		n, err := f.Write([]byte(s[:min(length, len(s))]))
		if err != nil {
			return err.Error()
		}
		s = s[n:]
	}
	return b.String()
}

var colors = regexp.MustCompile("\x1b\\[[0-9;:]*m")

func FuzzFilter(f *testing.F) {
	for i, s := range attacks {
		f.Add(s+"\x1b[1mx\x1b[0m", i)
	}
	f.Fuzz(func(t *testing.T, s string, length int) {
		got := filtered(s, max(1, length))
		if whole := filtered(s, max(1, len(s))); whole != got {
			t.Errorf("%q in pieces is %q, whole %q", s, got, whole)
		}
		for _, r := range colors.ReplaceAllString(got, "") {
			if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Errorf("%q leaves %q in %q", s, r, got)
			}
		}
		if !utf8.ValidString(got) {
			t.Errorf("%q leaves half a character in %q", s, got)
		}
	})
}
