package recipes

import (
	"os"
	"strings"
)

// unrolled returns a script once for each value of its first loop over words that are written out, with the value in the
// place of the variable: "for d in api web; do (cd $d && make); done". One without such a loop is returned as it is.
func unrolled(script string) (all []string) {
	name, values := loop(script)
	if len(values) == 0 || len(values) > maxValues {
		return []string{script}
	}
	script = strings.ReplaceAll(script, "$$", "$") // as make reads it
	for _, value := range values {
		all = append(all, os.Expand(script, func(of string) string {
			if of == name {
				return value
			}
			return "${" + of + "}"
		}))
	}
	return all
}

// maxValues is how many values of a loop are read.
const maxValues = 50

// loop returns the variable of the first loop of a script, and its values if they are written out.
func loop(script string) (name string, values []string) {
	for rest := script; ; {
		before, after, found := strings.Cut(rest, "for ")
		if !found {
			return "", nil
		}
		rest = after
		if before != "" && !strings.ContainsAny(before[len(before)-1:], " \t\n;@({") {
			continue
		}
		list, _, _ := strings.Cut(strings.ReplaceAll(after, "\n", ";"), ";")
		words := strings.Fields(list)
		if len(words) > 2 && words[1] == "in" && !strings.ContainsAny(list, "$`*?") {
			return words[0], words[2:]
		}
	}
}
