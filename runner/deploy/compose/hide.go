package compose

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

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
	spans := m.source.names.Spans(text)
	for _, s := range slices.Backward(spans) {
		if value := text[s.Start:s.End]; !strings.ContainsAny(value, markStart[:3]+markEnd) {
			text = text[:s.Start] + m.hide(s.Name, value) + text[s.End:]
		}
	}
	return text
}

// hideTree hides what is named like a secret in a tree as JSON has it, below a key.
func (m *Model) hideTree(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = m.hideTree(k, e)
		}
	case []any:
		return m.hideList(v)
	case string:
		return m.hideText(key, v)
	}
	return v
}

// hideList hides in a list, which may have the words of a command.
func (m *Model) hideList(list []any) any {
	words := make([]string, len(list))
	for i, e := range list {
		words[i], _ = e.(string)
	}
	arguments := m.source.names.Arguments(words)
	for i, e := range list {
		if slices.Contains(arguments, i) && !m.source.fromRelease && !marked(words[i]) {
			list[i] = m.hide(strings.TrimLeft(words[i-1], "-"), words[i])
		} else {
			list[i] = m.hideTree("", e)
		}
	}
	return list
}

// hiddenFields are the beginnings of the paths of fields that may have values of secrets.
var hiddenFields = []string{"environment.", "labels.", "command", "entrypoint", "healthcheck.", "compose."}

// backend returns the beginning of the paths of fields that only one kind of backend has.
func (m *Model) backend() string { return cmp.Or(m.env.Backend, "docker") }

// hidesField reports whether a field has the value of a secret by its name, or has such a value in it.
func (m *Model) hidesField(path, text string) bool {
	path = strings.TrimPrefix(path, m.backend()+".")
	if !slices.ContainsFunc(hiddenFields, func(p string) bool { return strings.HasPrefix(path, p) }) {
		return false
	}
	var list []any
	if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &list) == nil {
		before, _ := json.Marshal(list)
		after, _ := json.Marshal(m.hideList(list))
		return string(before) != string(after)
	}
	return m.hideText(path[strings.LastIndexByte(path, '.')+1:], text) != text
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
	return m.hideText(name, text)
}
