package compose

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/regular"
)

// unsetInFiles returns a sentence for each variable in a file of variables that nobody has set: an unquoted "$" in a
// password, for example, begins the name of one, and cuts the value off. So the name is not shown.
func (s *source) unsetInFiles(p *types.Project) (all []string) {
	if s.fromRelease || s.partial {
		return nil
	}
	for _, file := range s.filesOfVariables(p) {
		text, err := regular.Read(file, regular.Config)
		if err != nil {
			continue // what has to be there, compose-go names
		}
		for _, name := range s.missing(text) {
			line, key := lineOf(string(text), name)
			all = append(all, fmt.Sprintf("%s:%d: the value of %s has a $ before what is no variable that is set: "+
				"it counts as empty; single quotes keep the $", s.relative(file), line, key))
		}
	}
	return all
}

// filesOfVariables returns the files that variables of the files and of services are read from, each once.
func (s *source) filesOfVariables(p *types.Project) []string {
	files := s.envFiles()
	if len(files) == 0 {
		files = append(files, filepath.Join(s.env.Dir, ".env"))
	}
	for _, name := range p.ServiceNames() {
		for _, f := range p.Services[name].EnvFiles {
			if f.Format != "raw" {
				files = append(files, f.Path)
			}
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// missing returns the variables that the text of a file refers to and that have neither a value nor a default, sorted.
func (s *source) missing(text []byte) (names []string) {
	asked := map[string]bool{}
	set, err := dotenv.ParseWithLookup(bytes.NewReader(text), func(name string) (string, bool) {
		value, has := s.known[name]
		asked[name] = asked[name] || !has
		return value, has
	})
	if err != nil {
		return nil
	}
	for _, name := range sorted(asked) {
		if _, has := set[name]; asked[name] && !has && !defaulted(string(text), name) {
			names = append(names, name)
		}
	}
	return names
}

// lineOf returns the line of a reference to a variable, and the name of the value that has it.
func lineOf(text, name string) (line int, key string) {
	at := max(strings.Index(text, "$"+name), strings.Index(text, "${"+name), 0)
	key, _, _ = strings.Cut(text[strings.LastIndexByte(text[:at], '\n')+1:], "=")
	return 1 + strings.Count(text[:at], "\n"), strings.TrimSpace(key)
}
