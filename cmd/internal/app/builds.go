package app

import (
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// builds reports whether a step of Go compiles what a command of a pipeline does: files with its build tags, for its
// system. A tag that is computed is not known, and compared with none.
func builds(s, c pipelines.Call) bool {
	if c.Words[0] != "go" && c.Program() != "gotestsum" {
		return true
	}
	has := s.Tags()
	return !slices.ContainsFunc(c.Tags(), func(tag string) bool { return !strings.Contains(tag, "$") && !slices.Contains(has, tag) }) &&
		compilesFor(s, c, "GOOS", runtime.GOOS) && compilesFor(s, c, "GOARCH", runtime.GOARCH)
}

// compilesFor reports whether a step has the value of a variable that a command has. One that is not set has the value of
// the machine; one that is computed is not known, and may be that.
func compilesFor(s, c pipelines.Call, name, machine string) bool {
	value := c.Variable(name)
	return value == "" || value == machine || strings.Contains(value, "$") || value == s.Variable(name)
}

// decisive returns the variables of a command by which it compiles something else, as "GOOS=js".
func decisive(c pipelines.Call) (env []string) {
	for _, name := range []string{"GOOS", "GOARCH", "GOFLAGS"} {
		if value := c.Variable(name); c.Words[0] == "go" && value != "" && !strings.Contains(value, "$") {
			env = append(env, name+"="+value)
		}
	}
	return env
}
