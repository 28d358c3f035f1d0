package app

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// builds reports whether a step compiles and tests what a command of a pipeline does: with its settings, its build tags and
// its features. A tag that is computed is not known, and compared with none.
func (d *done) builds(s, c pipelines.Call) bool {
	switch {
	case !d.sameSettings(s, c) || narrows(s, c):
		return false
	case strings.HasPrefix(c.Plain(), "cargo "):
		return s.Features() == c.Features() || strings.Contains(c.Features(), "$") || !d.hasFeatures()
	case c.Words[0] != "go" && c.Program() != "gotestsum":
		return true
	}
	has := s.Tags()
	return !slices.ContainsFunc(c.Tags(), func(tag string) bool { return !strings.Contains(tag, "$") && !slices.Contains(has, tag) })
}

// narrowing are the options by which test runners select some of the tests that they find, or leave out parts of them.
var narrowing = sync.OnceValue(func() map[string][]string {
	return map[string][]string{"go": {"-run", "-skip", "-short"}, "gotestsum": {"-run", "-skip", "-short"}, "pytest": {"-k", "--lf", "--last-failed"},
		"jest": {"-t", "--testNamePattern", "-o", "--onlyChanged", "--changedSince"}, "vitest": {"-t", "--testNamePattern", "--changed"},
		"mocha": {"-g", "--grep", "-f", "--fgrep"}, "playwright": {"-g", "--grep", "--grep-invert"}, "node": {"--test-name-pattern", "--test-skip-pattern"}}
})

// narrows reports whether a step selects tests by an option that a command does not have.
func narrows(s, c pipelines.Call) bool {
	words := plainWords(s)
	options := narrowing()[path.Base(words[0])]
	if slices.Contains(words, "pytest") {
		options = narrowing()["pytest"]
	}
	return slices.ContainsFunc(words, func(w string) bool {
		name, _, _ := strings.Cut(w, "=")
		return slices.Contains(options, name) && !slices.ContainsFunc(c.Words, func(o string) bool { return o == w || strings.HasPrefix(o, name+"=") })
	})
}

// maxCrateFolders is how many folders are searched for packages of Cargo.
const maxCrateFolders = 200

// hasFeatures reports whether a package of Cargo in the project has features: without any, all commands compile the same.
func (d *done) hasFeatures() bool {
	if d.features != nil {
		return *d.features
	}
	has := d.inCrates(func(_, manifest string) bool {
		return strings.Contains(manifest, "[features]") || strings.Contains(manifest, "optional = true") || strings.Contains(manifest, "optional=true")
	})
	d.features = &has
	return has
}

// inCrates reports whether the manifest of a package of Cargo meets a condition.
func (d *done) inCrates(is func(dir, manifest string) bool) bool {
	folders := []string{"."}
	for i := 0; i < len(folders) && i < maxCrateFolders; i++ {
		if text, ok := d.files.Read(path.Join(folders[i], "Cargo.toml")); ok && is(folders[i], text) {
			return true
		}
		for _, name := range d.files.List(folders[i]) {
			if strings.HasSuffix(name, "/") && name != "target/" && name != "node_modules/" && !strings.HasPrefix(name, ".") {
				folders = append(folders, path.Join(folders[i], name))
			}
		}
	}
	return false
}

// decisive returns the variables by which a command tests something else, as "GOOS=js".
func decisive(c pipelines.Call) (env []string) {
	for _, v := range decidingVariables(c) {
		name, value := v[0], v[1]
		switch {
		case strings.Contains(value, "://"):
			value = "…"
		case strings.Contains(value, " "):
			value = `"` + value + `"`
		}
		env = append(env, name+"="+value)
	}
	slices.Sort(env)
	return slices.Compact(env)
}
