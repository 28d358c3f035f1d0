package text

import "testing"

func TestFirstLine(t *testing.T) {
	for s, want := range map[string]string{
		"":                         "",
		" \n\t\n":                  "",
		"one":                      "one",
		"one\ntwo":                 "one",
		"one\r\ntwo\r\n":           "one",
		"\n\n  one and more \ntwo": "one and more",
	} {
		if got := FirstLine(s); got != want {
			t.Errorf("FirstLine(%q) is %q, want %q", s, got, want)
		}
	}
}
