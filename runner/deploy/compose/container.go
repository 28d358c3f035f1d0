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
	for _, found := range c.secrets(names) {
		if !c.IsClear(found.value) {
			values = append(values, found.value)
		}
	}
	return values
}

// secrets returns the values in it that are named like secrets, in an order that does not change.
func (c Container) secrets(names secret.Names) (found []named) {
	for _, path := range sorted(c.Fields) {
		text := c.Fields[path]
		if names.Has(last(path)) && !secret.Empty(text) {
			found = append(found, named{last(path), text})
		}
		found = append(found, secretsIn(names, last(path), text)...)
	}
	for _, path := range sorted(c.Files) {
		text := c.Files[path]
		if strings.HasPrefix(path, "/run/secrets/") || names.Has(filepath.Base(path)) {
			found = append(found, named{filepath.Base(path), text})
		}
		found = append(found, secretsIn(names, filepath.Base(path), text)...)
	}
	return found
}

// clear are last words of the names of variables that have no secrets, though a password may have the same value.
var clear = []string{"user", "username", "login", "name", "role", "owner", "db", "database", "dbname", "schema", "vhost", "host",
	"hostname", "server", "realm", "bucket", "org", "tenant"}

// IsClear reports whether a value is that of a variable with the name of a user or the like, the name of the service,
// a part of the name of its image, or a word that names secrets.
func (c Container) IsClear(value string) bool {
	return strings.Contains(c.Fields["image"], value) || secret.IsWord(value) || slices.Contains(c.clearValues(), value)
}

// clearValues returns the name of the service, and the values of variables with the name of a user or the like.
func (c Container) clearValues() []string {
	values := []string{c.Service}
	for path, text := range c.Fields {
		words := strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return r == '.' || r == '_' || r == '-' })
		if path == "user" || strings.HasPrefix(path, "environment.") && slices.Contains(clear, words[len(words)-1]) {
			values = append(values, text)
		}
	}
	return values
}

// last returns the last part of a path.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// secretsIn returns the values of secrets in a text, or in the words of a command as JSON has them.
func secretsIn(names secret.Names, name, text string) (found []named) {
	var words []string
	if !strings.HasPrefix(text, "[") || json.Unmarshal([]byte(text), &words) != nil {
		words = []string{text}
	}
	arguments := names.Arguments(words)
	for i, word := range words {
		if s, is := arguments[i]; is {
			found = append(found, named{s.Name, word[s.Start:s.End]})
		}
		for _, value := range names.Values(word) {
			found = append(found, named{name, value})
		}
	}
	return found
}

// teach passes on the values of the secrets of a model.
func (m *Model) teach() {
	var values []string
	for _, name := range m.names {
		values = append(values, m.valueOf(name))
	}
	all := m.containers()
	for _, one := range all {
		values = slices.DeleteFunc(values, one.IsClear)
	}
	m.source.values.SeeIn(m.source.names, all)
	m.source.values.See(values...)
}
