package app

import (
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// builds reports whether a step compiles what a command of a pipeline does: with its build tags and for its system for Go,
// with its features for Cargo. A tag that is computed is not known, and compared with none.
func (d *done) builds(s, c pipelines.Call) bool {
	switch {
	case strings.HasPrefix(c.Plain(), "cargo "):
		return s.Features() == c.Features() || strings.Contains(c.Features(), "$") || !d.hasFeatures()
	case c.Words[0] != "go" && c.Program() != "gotestsum":
		return true
	}
	has := s.Tags()
	return !slices.ContainsFunc(c.Tags(), func(tag string) bool { return !strings.Contains(tag, "$") && !slices.Contains(has, tag) }) &&
		compilesFor(s, c, "GOOS", runtime.GOOS) && compilesFor(s, c, "GOARCH", runtime.GOARCH)
}

// maxCrateFolders is how many folders are searched for packages of Cargo.
const maxCrateFolders = 200

// hasFeatures reports whether a package of Cargo in the project has features: without any, all commands compile the same.
func (d *done) hasFeatures() bool {
	if d.features != nil {
		return *d.features
	}
	folders, has := []string{"."}, false
	for i := 0; i < len(folders) && i < maxCrateFolders && !has; i++ {
		text, _ := d.files.Read(path.Join(folders[i], "Cargo.toml"))
		has = strings.Contains(text, "[features]") || strings.Contains(text, "optional = true") || strings.Contains(text, "optional=true")
		for _, name := range d.files.List(folders[i]) {
			if strings.HasSuffix(name, "/") && name != "target/" && name != "node_modules/" && !strings.HasPrefix(name, ".") {
				folders = append(folders, path.Join(folders[i], name))
			}
		}
	}
	d.features = &has
	return has
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
