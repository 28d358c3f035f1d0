package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/suggest"
)

// A Warning is what the author of a plugin should know.
type Warning struct{ Text, Hint string }

// warnUnknown adds a warning for each plugin that offers targets which the convention does not know and for
// which it names no source in the project: nobody can have meant them.
func (l loader) warnUnknown() {
	for _, o := range l.Offers {
		var unknown []string
		for _, name := range slices.Sorted(maps.Keys(o.Plan.Targets)) {
			if o.Provider != ownProvider && o.Plan.About[name].Source == "" && !l.convention.Knows(name) {
				unknown = append(unknown, name)
			}
		}
		if len(unknown) > 0 {
			l.Warnings = append(l.Warnings, l.unknownWarning(o, unknown))
		}
	}
}

func (l loader) unknownWarning(o conventions.Offer, names []string) Warning {
	noun := "a target that is"
	if len(names) > 1 {
		noun = "targets that are"
	}
	w := Warning{Text: fmt.Sprintf("plugin %q offers %s not in the convention: %s", o.Provider, noun,
		strings.Join(names, ", ")),
		Hint: "about.NAME.source in its plan says where the project defines a target of its own"}
	if near := suggest.Nearest(names[0], l.convention.Names()); len(near) > 0 {
		w.Hint = fmt.Sprintf("for %q, did it mean %s? otherwise %s", names[0], suggest.Quoted(near), w.Hint)
	}
	return w
}
