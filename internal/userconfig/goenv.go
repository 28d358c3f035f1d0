package userconfig

import (
	"slices"
	"strings"
)

// addGoEnv adds the variables that "go env -w" has set, and that the environment does not set.
func addGoEnv(r *reader) {
	for _, place := range append([]string{"$GOENV"}, config("go/env")...) {
		text, err := r.read(r.path(place))
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			if _, set := r.env[name]; !set && slices.Contains(goVariables, name) {
				r.Variables[name] = value
			}
		}
		return
	}
}
