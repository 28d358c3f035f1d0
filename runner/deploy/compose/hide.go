package compose

import (
	"path/filepath"
	"slices"

	"github.com/davit-dev/davit/internal/secret"
)

// valueOf returns the value that a mark stands for.
func (m *Model) valueOf(name string) string {
	if value, has := m.real.Environment[name]; has {
		return value
	}
	return m.source.values.get(name)
}

// unmark returns a text with values in the place of marks.
func (m *Model) unmark(text string) string {
	return anyMark().ReplaceAllStringFunc(text, func(found string) string { return m.valueOf(nameOf(found)) })
}

// hide returns the mark of a value that is written out.
func (m *Model) hide(name, text string) string {
	return mark(m.source.reference(name, m.unmark(text)))
}

// hideText returns a text with marks in the place of what is named like a secret: all of it by its own name, or
// values in it by theirs. What a release has kept is returned as it is.
func (m *Model) hideText(name, text string) string {
	switch {
	case m.source.fromRelease || text == "" || secret.Empty(text):
		return text
	case m.source.names.Has(name) && anyMark().ReplaceAllString(text, "") != "":
		return m.hide(name, text)
	}
	for _, s := range slices.Backward(m.source.names.Spans(text)) {
		text = m.hideSpan(text, s)
	}
	return text
}

// hideSpan hides a span of a text. One that has a part of a mark is extended to all of it.
func (m *Model) hideSpan(text string, s secret.Span) string {
	for _, found := range anyMark().FindAllStringIndex(text, -1) {
		if found[0] < s.End && s.Start < found[1] {
			s.Start, s.End = min(s.Start, found[0]), max(s.End, found[1])
		}
	}
	value := text[s.Start:s.End]
	if anyMark().ReplaceAllString(value, "") == "" {
		return text
	}
	return text[:s.Start] + m.hide(s.Name, value) + text[s.End:]
}

// hideAt is hideText for a text that may also have known values.
func (m *Model) hideAt(name, text string) string { return m.hideKnown(m.hideText(name, text)) }

// hideWords hides in the words of a command.
func (m *Model) hideWords(words []string) {
	arguments := m.source.names.Arguments(words)
	for i, word := range words {
		if s, is := arguments[i]; is {
			word = m.hideSpan(word, s)
		}
		words[i] = m.hideAt("", word)
	}
}

// hideConfig returns the text of a config with marks: all of it, if the config or its file is named like a secret.
func (m *Model) hideConfig(name, text string) string {
	path := m.real.Configs[name].File
	file := filepath.Base(path)
	if m.source.names.Has(file) && !m.source.names.Has(name) {
		name = file
	}
	if secret.InFile(path) && !m.source.fromRelease && text != "" {
		return m.hide(file, text)
	}
	return m.hideAt(name, text)
}
