package dependencies

import (
	"strings"
	"sync"
	"testing"
)

// The results of cases, by manager and case.
type results struct {
	mu  sync.Mutex
	all map[[2]string]string
}

func newResults() *results { return &results{all: map[[2]string]string{}} }

// add records how a case ended.
func (r *results) add(t *testing.T, manager, name string) {
	word := "yes"
	switch {
	case t.Failed():
		word = "NO"
	case t.Skipped():
		word = "left out"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all[[2]string{manager, name}] = word
}

// String returns a table of Markdown with a line for each case. A manager to which one does not apply has "-".
func (r *results) String() string {
	var text strings.Builder
	line := func(first string, cell func(manager) string) {
		text.WriteString("| " + first)
		for _, m := range managers {
			text.WriteString(" | " + cell(m))
		}
		text.WriteString(" |\n")
	}
	line("case", func(m manager) string { return m.name })
	line("---", func(manager) string { return "---" })
	for _, c := range cases {
		line(c.name, func(m manager) string {
			if word := r.all[[2]string{m.name, c.name}]; word != "" {
				return word
			}
			return "-"
		})
	}
	return text.String()
}
