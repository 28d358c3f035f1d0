package compose

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/template"
	"go.yaml.in/yaml/v4"

	"github.com/davit-dev/davit/internal/regular"
)

// Bounds of a Compose file. compose-go follows each alias, and looks for variables in a text once for each that may
// begin there, so a file of a hundred lines could take a year. Within the bounds it takes a second.
const (
	maxValues    = 30_000 // that a file stands for, with its aliases written out
	maxDepth     = 100    // of lists and mappings in each other
	maxVariables = 200    // in one text
	maxFiles     = 100    // that one includes and extends
	maxDefaults  = 5      // of variables in each other: ${A:-${B:-c}}
)

// refuseHostile refuses Compose files, and files with variables that they name, that are no files, that are too large, or
// that would take for ever. compose-go reads them without looking.
func (s *source) refuseHostile() error {
	if err := s.refuseEnvFiles(); err != nil {
		return err
	}
	documents := s.documents()
	if len(documents) == maxFiles {
		return &FileError{File: s.relative(s.files[0]), Reason: fmt.Sprintf("it leads to %d files or more", maxFiles)}
	}
	for _, d := range documents {
		if err := s.refuseDocument(d); err != nil {
			return err
		}
	}
	return nil
}

// refuseEnvFiles does so for the files with variables that are read for a release too.
func (s *source) refuseEnvFiles() error {
	for _, file := range append(s.envFiles(), filepath.Join(s.env.Dir, ".env")) {
		if err := s.refuseEnvFile(file); err != nil {
			return err
		}
	}
	return nil
}

func (s *source) refuseDocument(d document) error {
	if d.err != nil {
		return &FileError{File: s.relative(d.file), Reason: regular.Reason(d.err), cause: d.err}
	}
	w := weigher{seen: map[*yaml.Node]weight{}}
	w.weigh(d.root)
	if w.fault != "" {
		return &FileError{File: s.relative(d.file), Line: w.line, Reason: w.fault,
			Next: "write what is meant without so many aliases and levels"}
	}
	for _, n := range d.variableFiles() {
		for _, dir := range []string{filepath.Dir(d.file), s.env.Dir} {
			if err := s.refuseEnvFile(absolute(dir, s.substitute(n.Value))); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseEnvFile refuses a file with variables. One that is missing is for compose-go to report.
func (s *source) refuseEnvFile(file string) error {
	text, err := regular.Read(file, regular.Config)
	if _, odd := err.(*regular.Error); odd {
		return &FileError{File: s.relative(file), Reason: regular.Reason(err), cause: err}
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		switch number++; {
		case tooManyVariables(line):
			return &FileError{File: s.relative(file), Line: number, Reason: "too many variables in one text"}
		case strings.Contains(line, "\x00"):
			return &FileError{File: s.relative(file), Line: number, Reason: "there is a NUL byte in it, which no variable can have",
				Next: "write lines of the form NAME=value"}
		}
	}
	return nil
}

// substitute returns a text with the values of variables.
func (s *source) substitute(text string) string {
	if !strings.Contains(text, "$") || tooManyVariables(text) {
		return text
	}
	o, err := cli.NewProjectOptions(s.files, s.options(s.variables(nil))...)
	if err != nil {
		return text
	}
	replaced, err := template.SubstituteWithOptions(text, o.Environment.Resolve, template.WithoutLogging)
	if err != nil {
		return text
	}
	return replaced
}

// variableFiles returns the files with variables that a file names: those of its services, and of what it includes.
func (d document) variableFiles() (all []*yaml.Node) {
	for _, m := range allMappings(d.root) { // a service may have its files by "<<", from anywhere in the file
		for _, n := range append(scalars(value(m, "env_file")), scalars(value(m, "label_file"))...) {
			if path := value(n, "path"); path != nil {
				n = path
			}
			all = append(all, target(n))
		}
	}
	return slices.DeleteFunc(all, func(n *yaml.Node) bool { return n.Kind != yaml.ScalarNode || n.Value == "" })
}

// A weigher counts the values that a document stands for, each anchor once.
type weigher struct {
	seen  map[*yaml.Node]weight
	fault string // the first one
	line  int
}

type weight struct{ values, depth int }

func (w *weigher) weigh(n *yaml.Node) weight {
	if n == nil || w.fault != "" {
		return weight{}
	}
	if known, ok := w.seen[n]; ok {
		return known
	}
	w.seen[n] = weight{values: 1} // an alias of a list that it is in: compose-go reports it
	sum := weight{values: 1}
	for _, c := range append(slices.Clip(n.Content), aliased(n)...) {
		part := w.weigh(c)
		sum.values, sum.depth = sum.values+part.values, max(sum.depth, part.depth+1)
	}
	switch {
	case w.fault != "":
	case sum.values > maxValues:
		w.fault, w.line = fmt.Sprintf("with its aliases written out it has more than %d values", maxValues), n.Line
	case sum.depth > maxDepth:
		w.fault, w.line = fmt.Sprintf("it has more than %d lists and mappings in each other", maxDepth), n.Line
	case tooManyVariables(n.Value):
		w.fault, w.line = "too many variables in one text", n.Line
	}
	w.seen[n] = sum
	return sum
}

func aliased(n *yaml.Node) []*yaml.Node {
	if n.Alias == nil {
		return nil
	}
	return []*yaml.Node{n.Alias}
}

// tooManyVariables reports whether the variables of a text are too many, or too deep in each other.
func tooManyVariables(text string) bool {
	open, all := 0, strings.Count(text, "$")
	for i := 0; i < len(text) && all > maxDefaults; i++ {
		switch {
		case strings.HasPrefix(text[i:], "${"):
			open++
		case text[i] == '}' && open > 0:
			open--
		}
		if open > maxDefaults {
			return true
		}
	}
	return all > maxVariables
}
