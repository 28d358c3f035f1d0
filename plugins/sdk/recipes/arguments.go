package recipes

import (
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// WithArguments returns a script with its arguments in the place of their variables: "$1", "${2:-x}", "$@". Behind "shift"
// they have other numbers. Functions have arguments of their own.
func WithArguments(script string, args []string) string {
	if len(args) == 0 || !strings.Contains(script, "$") {
		return script
	}
	script, kept := keptApart(script)
	script = withValues(script, args)
	for i, text := range kept {
		script = strings.Replace(script, markOf(i), text, 1)
	}
	return script
}

// markOf stands for a part of a script that is kept apart.
func markOf(i int) string { return "\x00" + strconv.Itoa(i) + "\x00" }

// withValues is WithArguments for a text without functions.
func withValues(script string, args []string) string {
	before, after, by := cutAtShift(script)
	out := replaceArguments(before, args)
	if by > 0 {
		out += withValues(after, args[min(by, len(args)):])
	}
	return out
}

// cutAtShift returns what is before and behind the first "shift" of a script, and by how much that shifts; 0 if there is
// none.
func cutAtShift(script string) (before, after string, by int) {
	if !strings.Contains(script, "shift") {
		return script, "", 0
	}
	m := shifting().FindStringSubmatchIndex(script)
	if m == nil {
		return script, "", 0
	}
	if by = 1; m[4] >= 0 {
		by, _ = strconv.Atoi(script[m[4]:m[5]])
	}
	return script[:m[3]], script[m[1]:], by
}

var shifting = sdk.LazyRegexp(`(^|[;&{]\s*|\n\s*)shift(?: +(\d))?\b`)

// replaceArguments replaces the variables of arguments. "$@" in quotes is all of them as words.
func replaceArguments(script string, args []string) string {
	words := sdk.Quote(args...)
	script = strings.NewReplacer(`"$@"`, words, `"${@}"`, words, `"$*"`, words).Replace(script)
	return argumentOf().ReplaceAllStringFunc(script, func(found string) string {
		switch key := argumentOf().FindStringSubmatch(found)[1]; {
		case key == "@" || key == "*":
			return strings.Join(args, " ")
		case int(key[0]-'1') < len(args):
			return args[key[0]-'1']
		}
		return found
	})
}

var argumentOf = sdk.LazyRegexp(`\$\{?([1-9@*])(?::?[-=?][^}]*)?\}?`)
