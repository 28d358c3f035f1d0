package dotenv

import (
	"maps"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                                     {},
		"A=1\n# a comment\n\nexport B='x y'\n": {"A": "1", "B": "x y"},
		"A=\"one\ntwo\"\r\nB=${A}!\n":          {"A": "one\ntwo", "B": "one\ntwo!"},
		"\ufeffA=\n":                           {"A": ""},
		"A=b # c":                              {"A": "b"},
		"URL=postgres://u:p@db:5432/x?a=b":     {"URL": "postgres://u:p@db:5432/x?a=b"},
	} {
		if got, err := Parse(text); err != nil || !maps.Equal(got, want) {
			t.Errorf("%q is %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestAnErrorHasTheLineAndNothingOfTheFile(t *testing.T) {
	for text, want := range map[string]string{
		"A=1\nhunter2 hunter2\nB=2\n":            "line 2 ",
		"A=\"one\ntwo\"\nB='hunter2\nC=3\nD=4\n": "line 3 ",
		"hunter2!":                               "line 1 ",
	} {
		_, err := Parse(text)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("A=1\nB=\"x\ny\"\nC='")
	f.Fuzz(func(t *testing.T, text string) {
		if values, err := Parse(text); (err == nil) == (values == nil) {
			t.Errorf("%q gives %v, %v", text, values, err)
		}
	})
}
