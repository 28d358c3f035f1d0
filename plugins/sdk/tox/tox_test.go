package tox

import (
	"slices"
	"testing"
)

func TestList(t *testing.T) {
	for text, want := range map[string][]string{
		"py39, lint\ndocs":          {"py39", "lint", "docs"},
		"py{39, 312}-x,{a,b}-{c,d}": {"py39-x", "py312-x", "a-c", "a-d", "b-c", "b-d"},
		"py{39":                     {"py{39"},
	} {
		if got := List(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestLine(t *testing.T) {
	for _, c := range []struct{ line, env, want string }{
		{"lint: ruff check", "lint", "ruff check"},
		{"lint: ruff check", "py312", ""},
		{"py{39,312}-!old: pytest", "py312-x", "pytest"},
		{"py{39,312}-!old: pytest", "py312-old", ""},
		{"a,b: x", "b", "x"},
		{"python -c 'a: b'", "lint", "python -c 'a: b'"},
		{"https://x", "lint", "https://x"},
		{"{env:RUN:pytest} x", "lint", "{env:RUN:pytest} x"},
	} {
		if got := Line(c.line, c.env); got != c.want {
			t.Errorf("%q in %q: got %q, wanted %q", c.line, c.env, got, c.want)
		}
	}
}

func TestSubstitute(t *testing.T) {
	for value, want := range map[string]string{
		"{env:RUN:pytest} {posargs:{toxinidir}/tests}": "pytest {posargs:./tests}",
		"{envpython} -m pytest {toxinidir}":            "python -m pytest .",
		"{envbindir}/coverage run{/}x {env:NONE}":      "coverage run/x {env:NONE}",
		"{env:A:{env:B:x}}":                            "{env:A:x}",
	} {
		if got := Substitute(value); got != want {
			t.Errorf("%q: got %q, wanted %q", value, got, want)
		}
	}
}
