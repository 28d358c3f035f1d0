package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for s, want := range map[string]string{
		"":                        "",
		"go test ./...":           "go test ./...",
		"Tür, 東京, שלום, café":     "Tür, 東京, שלום, café",
		"cafe\u0301 a\u00a0b":     "cafe\u0301 a\u00a0b",
		"\x1b[31mred\x1b[0m":      `\x1b[31mred\x1b[0m`,
		"\x1b]0;title\a":          `\x1b]0;title\a`,
		"a\r\nb\tc\x00\x7f":       `a\r\nb\tc\x00\x7f`,
		"\u009b31m":               `\u009b31m`,
		"\xffa\x80\xc3":           `\xffa\x80\xc3`,
		"\u202egro.evil":          `\u202egro.evil`,
		"\u2066\u2069\u200f":      `\u2066\u2069\u200f`,
		"\u061c a\u2028b\u2029":   `\u061c a\u2028b\u2029`,
		"pay\u200bpal\ufeff":      `pay\u200bpal\ufeff`,
		"x\U000e0041\U000e007f":   `x\U000e0041\U000e007f`,
		"a\ufe0fb\U000e0101":      `a\ufe0fb\U000e0101`,
		"\u3164\u115f\u2800":      `\u3164\u115f\u2800`,
		"👩\u200d💻 ❤\ufe0f\u200d🔥": "👩\u200d💻 ❤\ufe0f\u200d🔥",
		"👍🏽\u200d💻 1\ufe0f⃣":      "👍🏽\u200d💻 1\ufe0f⃣",
		"葛\U000e0100":             "葛\U000e0100",
		"👩\u200d":                 `👩\u200d`,
		"👩\u200d\u2800":           `👩\u200d\u2800`,
		"❤\ufe0f\ufe0f":           "❤\ufe0f" + `\ufe0f`,
		"::add-mask::x":           `\::add-mask::x`,
		" \u00a0::add-mask":       " \u00a0" + `\::add-mask`,
		"::9::":                   `\::9::`,
		"::1":                     "::1",
		"std::vec::Vec":           "std::vec::Vec",
		"a ##[endgroup]":          `a #\#[endgroup]`,
		"###[x ##vso[a##team[":    `##\#[x #\#vso[a#\#team[`,
		"## head [1]":             "## head [1]",
	} {
		if got := Line(s); got != want {
			t.Errorf("Line(%q) is %q, want %q", s, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	for s, want := range map[string]string{
		"":                        "",
		"one\n":                   "one",
		"set -e\r\n\tgo test\n\n": "set -e\n  |    go test",
		"a\n  ::error::b":         "a\n  |  \\::error::b",
		"a\rb":                    `a\rb`,
	} {
		if got := Block(s, "  |"); got != want {
			t.Errorf("Block(%q) is %q, want %q", s, got, want)
		}
	}
}

// attacks are what a text may have in it to mislead a reader, a terminal or a CI system.
var attacks = []string{
	"\x1b[2J", "\x1b]0;x\a", "\x1b]8;;http://x\x1b\\", "\x1bc", "\x1bP1$r\x1b\\", "\u009b2J", "\u009dx\u009c", "\u0085", "\x9b2J", "\xff",
	"\a", "\b", "\v", "\f", "\r", "\n", "\x00", "\x0e", "\x7f", "\u061c", "\u200e", "\u200f", "\u202a", "\u202b",
	"\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029", "\u200b", "\u200c",
	"\u200d", "\u2060", "\u2063", "\ufeff", "\u00ad", "\u034f", "\u115f", "\u1160", "\u3164", "\uffa0", "\u180e",
	"\u2800", "\ufe00", "\ufe0f", "\ufff9", "\U000e0001", "\U000e0020", "\U000e007f", "\U000e0100", "\U000e01ef",
	"\U0001d173", "\U0001d159", "\ue000", "\U0010ffff", "\n::add-mask::x", "\n::endgroup::", "\n::stop-commands::x",
	"\r::error::x", "##[endgroup]", "##vso[task.x]", "##teamcity[x]", "👩\u200d💻", "❤\ufe0f",
}

// TestNothingOfAnAttackIsLeft puts each attack into each place of a text, and each beside each.
func TestNothingOfAnAttackIsLeft(t *testing.T) {
	tried := 0
	for _, a := range attacks {
		for _, b := range attacks {
			for _, s := range []string{a + b, "shop " + a + b + " 1.0", "👩" + a + b + "💻", "::" + a + b + "::x", "#" + a + "#" + b + "["} {
				tried++
				checkLine(t, s)
			}
		}
	}
	t.Logf("%d texts tried, %d held", tried, tried)
}

func FuzzLine(f *testing.F) {
	for _, s := range attacks {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkLine(t, s)
		for line := range strings.SplitSeq(Block(s, "  "), "\n") {
			checkSafe(t, s, line)
		}
	})
}

// checkLine checks the properties of a line: it is safe, stays what it is, and nothing of plain text is lost.
func checkLine(t *testing.T, s string) {
	t.Helper()
	line := Line(s)
	checkSafe(t, s, line)
	if again := Line(line); again != line {
		t.Fatalf("%q becomes %q, and then %q", s, line, again)
	}
	plain := func(r rune) rune {
		if r != utf8.RuneError && r != '\\' && !Refused(r) {
			return r
		}
		return -1
	}
	if kept, from := strings.Map(plain, line), strings.Map(plain, s); len(kept) < len(from) || from == s && strings.ReplaceAll(line, `\`, "") != s {
		t.Fatalf("%q loses text: %q", s, line)
	}
}

func checkSafe(t *testing.T, s, line string) {
	t.Helper()
	runes := []rune(line)
	for i, r := range runes {
		if Refused(r) && !between(runes, i) {
			t.Fatalf("%q leaves %q in %q", s, r, line)
		}
	}
	trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
	if !utf8.ValidString(line) || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") ||
		strings.HasPrefix(trimmed, "::") && strings.Contains(trimmed[2:], "::") {
		t.Fatalf("%q leaves a command or half a character in %q", s, line)
	}
}

// between reports whether a rune is the joiner or the selector of an emoji, or that of an ideograph.
func between(runes []rune, i int) bool {
	if i == 0 {
		return false
	}
	symbol := unicode.In(runes[i-1], unicode.S, unicode.P, unicode.Nd, unicode.Ll) || runes[i-1] == 0xfe0f || runes[i-1] == 0xfe0e
	switch r := runes[i]; {
	case r == 0x200d:
		return symbol && i+1 < len(runes) && unicode.In(runes[i+1], unicode.S)
	case r == 0xfe0e || r == 0xfe0f:
		return symbol && runes[i-1] < 0xfe00 || symbol && runes[i-1] > 0xffff
	}
	return unicode.Is(unicode.Variation_Selector, runes[i]) && unicode.Is(unicode.Han, runes[i-1])
}
