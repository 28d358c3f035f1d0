package app

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// The signs of causes in what tools print, in lower case.
var (
	missingPrograms = []string{": command not found", ": not found", "cannot find module '", "no module named ",
		"cannot find package '", "modulenotfounderror", "executable file not found in $path",
		"error 127"}
	missingCode = []string{"no required module provides package", "is not in std", "undefined: ", "cannot find package",
		"no module named ", "cannot find module '.", "no matching files found", "couldn't read ", "file not found for module",
		"could not resolve \"."}
	refused = regexp.MustCompile(`(?:refused|econnrefused).*?:(\d{2,5})\b|:(\d{2,5})\b.*?(?:refused|econnrefused)` +
		`|port (\d{2,5})\b.*refused`)
)

// symptoms are the signs that a step printed.
type symptoms struct {
	mu                sync.Mutex
	programs, sources bool
	ports             []string // on which nothing answered
}

// hear passes events on.
func (m *symptoms) hear(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventOutput {
			m.line(strings.ToLower(e.Text))
		}
		emit(e)
	}
}

func (m *symptoms) line(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.programs = m.programs || containsAny(text, missingPrograms)
	m.sources = m.sources || containsAny(text, missingCode)
	if !strings.Contains(text, "refused") {
		return
	}
	for _, found := range refused.FindAllStringSubmatch(text, -1) {
		m.ports = appendNew(m.ports, found[1]+found[2]+found[3])
	}
}

func containsAny(text string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(phrase string) bool { return strings.Contains(text, phrase) })
}
