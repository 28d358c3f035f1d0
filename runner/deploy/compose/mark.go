package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// A mark stands for the value of a secret in a model. Its brackets are in no ordinary file.
const markStart, markEnd = "\u27e6secret ", "\u27e7"

func mark(name string) string { return markStart + name + markEnd }

func marked(text string) bool { return strings.Contains(text, markStart) }

// secretNames returns the variables whose values nobody is to see: those of the caller, and those that
// secrets are made from.
func (s *source) secretNames(p *types.Project) (names []string) {
	for _, name := range sorted(s.secrets) {
		if s.secrets[name] != "" {
			names = append(names, name)
		}
	}
	for _, secret := range p.Secrets {
		if secret.Environment != "" && p.Environment[secret.Environment] != "" {
			names = append(names, secret.Environment)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// maskError returns the error about files that are valid with the values of secrets, and not with marks in
// their place.
func (s *source) maskError(names []string) error {
	return &FileError{
		File: s.relative(s.files[0]),
		Reason: fmt.Sprintf(
			"the value of a secret, one of %s, is used where only some values are valid, such as a port or a name",
			list(names)),
		Next: "use a variable there that is not a secret",
	}
}
