package stack

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// Tree is the folder of a project that a build tool builds in, if it has none of its own. It is davit's alone, so that
// what a user configured in another one stays as it is, and git ignores all of it.
const Tree = ".davit/build"

// compilerVariables are those of the caller that a tool remembers in its build folder when it is configured.
const compilerVariables = "$CC $CXX $CPPFLAGS $CFLAGS $CXXFLAGS $LDFLAGS"

// InTree returns a step that configures Tree and then runs more commands. The folder is made anew where it was configured
// by another command or with other variables, or elsewhere, as in a container. Users see the summary. Install is the line of Debian.
func InTree(summary, install, configure string, more ...string) plan.Step {
	return Shell(append([]string{"# " + summary, install,
		`made="$PWD ` + compilerVariables + `"' '` + sdk.Quote(configure),
		`[ "$(cat ` + Tree + `/.made 2>/dev/null)" = "$made" ] || rm -rf ` + Tree,
		sdk.IgnoreScript(Tree),
		configure,
		`printf '%s\n' "$made" >` + Tree + "/.made"}, more...)...)
}

// Debian returns a line of a script that installs programs which the image of a step lacks. On a machine that lacks them
// the step does not run.
func Debian(program string, packages ...string) string {
	return "command -v " + program + " >/dev/null || { apt-get -qq update && apt-get -qqy install " +
		strings.Join(packages, " ") + "; } >/dev/null 2>&1"
}

// Jobs is the number of processors, in a script.
const Jobs = `"$(getconf _NPROCESSORS_ONLN)"`

// Defined returns the value that a command of a pipeline defines for a variable by "-DNAME=VALUE" or "-D NAME=VALUE", of
// several the first.
func Defined(calls []pipelines.Call, name string) (value string, ok bool) {
	for _, c := range calls {
		for i, word := range c.Words {
			if word == "-D" && i+1 < len(c.Words) {
				word += c.Words[i+1]
			}
			key, value, has := strings.Cut(strings.TrimPrefix(word, "-D"), "=")
			key, _, _ = strings.Cut(key, ":") // -DNAME:BOOL=ON
			if has && strings.HasPrefix(word, "-D") && key == name && !strings.Contains(value, "$") {
				return value, true
			}
		}
	}
	return "", false
}

// Switches chooses the switches of a build that turn tests on, of those that are off: the ones that the pipelines turn on,
// as words such as "-DTESTS=ON". Those that nobody turns on are named in the second result. Configured words come last.
func (u *Unit) Switches(off []string, on string, programs []string, configured []string) (words, left []string) {
	calls := u.Calls(programs...)
	for _, name := range off {
		value, ok := Defined(calls, name)
		switch given := slices.ContainsFunc(configured, func(w string) bool { return strings.HasPrefix(w, name+"=") }); {
		case given:
		case ok && strings.EqualFold(value, on):
			words = append(words, "-D"+name+"="+value)
			u.Decide("%s is on, because a pipeline sets it", name)
		default:
			left = append(left, name)
		}
	}
	for _, word := range configured {
		words = append(words, "-D"+word)
	}
	return words, left
}
