package compose

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/secret"
)

// A mark stands for the value of a secret in a model. Its brackets are in no ordinary file.
const markStart, markEnd = "\u27e6secret ", "\u27e7"

var anyMark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(markStart + `([^` + markEnd + `]*)` + markEnd)
})

func mark(name string) string { return markStart + name + markEnd }

func marked(text string) bool { return strings.Contains(text, markStart) }

// nameOf returns the name in a mark.
func nameOf(mark string) string {
	return strings.TrimSuffix(strings.TrimPrefix(mark, markStart), markEnd)
}

// secretNames returns the variables whose values nobody is to see: those of the caller, those that secrets are
// made from, the references of a release, and those that are named like a secret.
func (s *source) secretNames(p *types.Project) (names []string) {
	for _, name := range sorted(s.secrets) {
		if p.Environment[name] != "" {
			names = append(names, name)
		}
	}
	for _, secret := range p.Secrets {
		if secret.Environment != "" && p.Environment[secret.Environment] != "" {
			names = append(names, secret.Environment)
		}
	}
	names = slices.Concat(names, sorted(s.given), s.namedLikeSecrets(p))
	slices.Sort(names)
	return slices.Compact(names)
}

// namedLikeSecrets returns the variables that are named like a secret, or have a password in an address, and
// that the files use. A release has references in their place.
func (s *source) namedLikeSecrets(p *types.Project) (names []string) {
	if s.fromRelease {
		return nil
	}
	for _, c := range p.Configs {
		s.used[c.Environment] = true
	}
	for name, value := range p.Environment {
		if s.isSecret(name, value) && (s.used[name] || inEnvironment(p, value)) {
			names = append(names, name)
		}
	}
	return names
}

// inEnvironment reports whether a value is in a variable of a service: files of variables may use others.
func inEnvironment(p *types.Project, value string) bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(p.Services)), func(one types.ServiceConfig) bool {
		for _, text := range one.Environment {
			if text != nil && strings.Contains(*text, value) {
				return true
			}
		}
		return false
	})
}

// isSecret reports whether a variable is one whose value nobody is to see, by its name or its value.
func (s *source) isSecret(name, value string) bool {
	return value != "" && !secret.Empty(value) && (s.names.Has(name) || secret.InAddress(value))
}

// maskError returns the error about files that are valid with the values of secrets, and not with marks in
// their place.
func (s *source) maskError(names []string) error {
	return &FileError{
		File: s.relative(s.files[0]),
		Reason: fmt.Sprintf(
			"the value of a secret, one of %s, is used where only some values are valid, such as a port or a name",
			list(names)),
		Next: "use a variable there that is not a secret; not = [\"NAME\"] in [secret-names] of project.toml says that one is none",
	}
}
