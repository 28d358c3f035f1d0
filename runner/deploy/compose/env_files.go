package compose

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/dotenv"
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
		all = append(all, s.unsetInText(s.relative(file), string(text))...)
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

// unsetInText returns a sentence for each value in the text of a file that refers to a variable without a value or a
// default, in the order of the text.
func (s *source) unsetInText(file, text string) (all []string) {
	set := map[string]string{}
	for _, one := range dotenv.Statements(text) {
		missing := false
		err := one.Set(set, func(name string) (string, bool) {
			value, has := s.known[name]
			_, above := set[name]
			missing = missing || !has && !above && one.RefersTo(name)
			return value, has
		})
		if err != nil {
			return all
		}
		if missing {
			all = append(all, fmt.Sprintf("%s:%d: the value of %s has a $ before what is no variable that is set: "+
				"it counts as empty; single quotes keep the $", file, one.Line, cmp.Or(one.Name, "a variable")))
		}
	}
	return all
}
