package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
	"go.yaml.in/yaml/v4"
)

// A blank is a value of a Compose file that has variables which nobody has set.
type blank struct {
	document
	node  *yaml.Node
	names []string // of the variables
	text  string   // of the value without them
}

// setUnset makes an error one about a variable that is not set, if that is the cause: the error quotes the value that
// remains without it, or is about a place where nothing remains.
func (s *source) setUnset(e *FileError, text string) {
	for _, b := range s.blanks() {
		if !b.quotedBy(text) && (b.text != "" || !contains(b.at(e.Path), b.node)) {
			continue
		}
		e.File, e.Line = s.relative(b.file), b.node.Line
		e.Reason = fmt.Sprintf("variable %s is not set, and %q is %q without it: %s", list(b.names), b.node.Value, b.text, e.Reason)
		e.Next = "set it in the environment, in .env, or in variables of [environments." + s.env.Name + "]"
		return
	}
}

// quotedBy reports whether a message quotes what remains of the value, or ends with a part of it: "invalid hostPort: x".
func (b blank) quotedBy(message string) bool {
	words := strings.Fields(message)
	return b.text != "" && (strings.Contains(message, b.text) ||
		slices.Contains(strings.Split(b.text, ":"), words[len(words)-1]))
}

// contains reports whether a value is another one, or has it as a part.
func contains(n, part *yaml.Node) bool {
	if n = target(n); n == nil {
		return false
	}
	return n == part || slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return contains(c, part) })
}

// blanks returns the values of the files that have variables which nobody has set.
func (s *source) blanks() (all []blank) {
	if len(s.unset) == 0 {
		return nil
	}
	for _, d := range s.documents() {
		for _, n := range d.find(func(value string) bool { return strings.Contains(value, "$") }) {
			if names := s.unsetIn(n.Value); len(names) > 0 {
				all = append(all, blank{d, n, names, s.substitute(n.Value)})
			}
		}
	}
	return all
}

// unsetIn returns the variables of a text that nobody has set, sorted.
func (s *source) unsetIn(text string) (names []string) {
	for name := range template.ExtractVariables(map[string]any{"": text}, template.DefaultPattern) {
		if s.unset[name] {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
