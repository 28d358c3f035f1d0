package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// A mark stands for the value of a secret in a model. Its brackets are in no file that is not about this.
const markStart, markEnd = "\u27e6secret ", "\u27e7"

func mark(name string) string { return markStart + name + markEnd }

func marked(text string) bool { return strings.Contains(text, markStart) }

// secretNames are the variables with a value that is to be seen nowhere: those of the caller, and those that secrets are made from.
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

// unmarkable: the files are right with the values of secrets, and wrong with other texts in their place.
func (s *source) maskError(names []string) error {
	return &FileError{File: s.relative(s.files[0]), Reason: fmt.Sprintf("the value of a secret, one of %s, is used where only some values are valid, such as a port or a name", list(names)), Next: "use a variable there that is not a secret"}
}
