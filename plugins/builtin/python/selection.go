package python

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/precommit"
)

// A selection is the files that a hook of pre-commit gives to its program. They are listed when the step runs,
// by Python, in whose language the configuration writes its expressions. See selected.py.
type selection struct {
	hook     *precommit.Hook
	suffixes []string
}

//go:embed selected.py
var selectedSource string

// selectedProgram returns the program without its comments.
func selectedProgram() string {
	lines := slices.DeleteFunc(strings.Split(selectedSource, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "#") || line == ""
	})
	return strings.Join(lines, "\n") + "\n"
}

// script returns the script that calls a command with the selected files, for a project in a folder.
func (s *selection) script(dir string, argv []string) string {
	var words []string
	add := func(kind string, values ...string) {
		for _, v := range values {
			words = append(words, kind+":"+v)
		}
	}
	if dir != "." {
		add("in", dir)
	}
	add("files", s.hook.Files...)
	add("exclude", s.hook.Exclude...)
	add("suffix", s.chosenSuffixes()...)
	call := slices.Concat([]string{"python3", "-c", selectedProgram()}, words, []string{"--"}, argv)
	return "# " + sdk.Quote(argv...) + " # on the files that pre-commit selects\n" + sdk.Quote(call...) + " \"$@\"\n"
}

// suffixesOf are the ends of names by the types of pre-commit.
var suffixesOf = map[string]string{"python": ".py", "pyi": ".pyi", "jupyter": ".ipynb"}

// chosenSuffixes returns those that the types of the configuration name, else those of the hook.
func (s *selection) chosenSuffixes() (out []string) {
	for _, kind := range s.hook.Types {
		if suffix := suffixesOf[kind]; suffix != "" && !slices.Contains(out, suffix) {
			out = append(out, suffix)
		}
	}
	if len(out) > 0 {
		return out
	}
	return s.suffixes
}
