package host

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/runner"
)

// withReport returns a step with "{report}" replaced by the file of its report.
func withReport(s runner.Step) runner.Step {
	if s.Report == "" {
		return s
	}
	place := strings.NewReplacer("{report}", s.Report)
	s.Plan.Argv, s.Args = replaceAll(place, s.Plan.Argv), replaceAll(place, s.Args)
	s.Plan.Env = maps.Clone(s.Plan.Env)
	for name, value := range s.Plan.Env {
		s.Plan.Env[name] = place.Replace(value)
	}
	return s
}

func replaceAll(place *strings.Replacer, words []string) []string {
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = place.Replace(w)
	}
	return words
}
