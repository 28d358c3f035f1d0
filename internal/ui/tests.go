package ui

import (
	"fmt"
	"strings"
)

// Tests are the numbers of tests by how they ended.
type Tests struct {
	Passed  int `json:"passed"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
}

// Total returns the number of all tests.
func (t Tests) Total() int { return t.Passed + t.Failed + t.Skipped }

// text returns the numbers in words: "446 tests passed, 2 tests failed"; "" for nil and for no tests. The noun stands
// with each number, since steps may be skipped or have failed too.
func (t *Tests) text() string {
	if t == nil {
		return ""
	}
	var parts []string
	for _, kind := range []struct {
		n    int
		word string
	}{{t.Passed, "passed"}, {t.Failed, "failed"}, {t.Skipped, "skipped"}} {
		switch kind.n {
		case 0:
		case 1:
			parts = append(parts, "1 test "+kind.word)
		default:
			parts = append(parts, fmt.Sprintf("%d tests %s", kind.n, kind.word))
		}
	}
	return strings.Join(parts, ", ")
}

// after returns text with the numbers behind it; separator stands between the two.
func (t *Tests) after(text, separator string) string {
	if words := t.text(); words != "" {
		return text + separator + words
	}
	return text
}
