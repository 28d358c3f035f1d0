package compose

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Container is what a container has, values of secrets included. It never leaves a backend.
type Container struct {
	Service string
	// Fields are in the form of package release, as texts: none is escaped or a hash.
	Fields release.Fields
	// Files are the texts of the configs and secrets in it, by their paths.
	Files map[string]string
}

// Container returns what a container of a service has.
func (m *Model) Container(service string) Container {
	s := m.real.Services[service]
	one := Container{Service: service, Fields: m.fields(m.real, service), Files: map[string]string{}}
	for _, c := range s.Configs {
		one.Files[configTarget(types.FileReferenceConfig(c))] = m.contents["configs/"+c.Source].real
	}
	for _, c := range s.Secrets {
		one.Files[secretTarget(types.FileReferenceConfig(c))] = m.contents["secrets/"+c.Source].real
	}
	return one
}

// Secrets returns the values in it that are named like secrets, but for those that it also has in clear: where the
// user and the password are "postgres", the word hides nothing.
func (c Container) Secrets(names secret.Names) (values []string) {
	for path, text := range c.Fields {
		if names.Has(last(path)) && !secret.Empty(text) {
			values = append(values, text)
		}
		values = append(values, secretsIn(names, text)...)
	}
	for path, text := range c.Files {
		if strings.HasPrefix(path, "/run/secrets/") || names.Has(filepath.Base(path)) {
			values = append(values, text)
		}
		values = append(values, secretsIn(names, text)...)
	}
	return slices.DeleteFunc(values, func(value string) bool { return c.isClear(names, value) })
}

// isClear reports whether a value is that of another variable too, or the name of the service.
func (c Container) isClear(names secret.Names, value string) bool {
	if value == c.Service {
		return true
	}
	for path, text := range c.Fields {
		if text == value && strings.HasPrefix(path, "environment.") && !names.Has(last(path)) {
			return true
		}
	}
	return false
}

// last returns the last part of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// secretsIn returns the values of secrets in a text, or in the words of a command as JSON has them.
func secretsIn(names secret.Names, text string) (values []string) {
	var words []string
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &words) != nil {
		return names.Values(text)
	}
	for _, i := range names.Arguments(words) {
		values = append(values, words[i])
	}
	for _, word := range words {
		values = append(values, names.Values(word)...)
	}
	return values
}

// teach passes on the values of the secrets of a model.
func (m *Model) teach() {
	var values []string
	for _, name := range m.names {
		values = append(values, m.valueOf(name))
	}
	for _, name := range m.Services() {
		one := m.Container(name)
		m.source.values.See(one.Secrets(m.source.names)...)
		values = slices.DeleteFunc(values, func(value string) bool { return one.isClear(m.source.names, value) })
	}
	m.source.values.See(values...)
}
