package sdk

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// foreign are the folders that hold files which the project did not write.
var foreign = []string{
	"node_modules", "bower_components", "vendor", "third_party", "testdata", "fixtures", "target", "dist",
	"build", "venv", "__pycache__", "site-packages", "coverage",
}

// Foreign reports whether a folder of that name is hidden, or usually holds files that the project did not
// write. One with a whole version at the end of its name, such as googletest-1.16.0, is a copy of another project.
func Foreign(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || slices.Contains(foreign, name) || endsInVersion(name)
}

// endsInVersion reports whether a name ends with a hyphen and three numbers: "googletest-1.16.0".
func endsInVersion(name string) bool {
	parts := strings.Split(name[strings.LastIndexByte(name, '-')+1:], ".")
	return len(parts) == 3 && strings.Contains(name, "-") && !slices.ContainsFunc(parts, func(part string) bool {
		return part == "" || strings.Trim(part, "0123456789") != ""
	})
}

// auxiliary are the folders that no plugin takes for the project itself.
var auxiliary = []string{"example", "examples", "benchmark", "benchmarks"}

// Auxiliary reports whether a folder, or one above it in the project, has a name that says that it holds
// examples or benchmarks, or one of the names that a plugin adds: what is in it supports the project and is
// not the project.
func Auxiliary(dir string, more ...string) bool {
	for name := range strings.SplitSeq(dir, "/") {
		if slices.Contains(auxiliary, name) || slices.Contains(more, name) {
			return true
		}
	}
	return false
}

// IsTemplate reports whether a name that a manifest gives, such as that of a package, is a gap that a generator of projects
// fills: "{{ name }}", "{% if x %}", "<%= name %>". Such a manifest is no project yet.
func IsTemplate(name string) bool {
	return strings.Contains(name, "{{") || strings.Contains(name, "{%") || strings.Contains(name, "<%")
}

// Inside reports whether a folder of the project is another one or below it.
func Inside(dir, parent string) bool {
	return parent == "." || dir == parent || strings.HasPrefix(dir, parent+"/")
}

// HasGlobMeta reports whether a path has characters that mean something else in a glob, so that it cannot be
// an input.
func HasGlobMeta(path string) bool { return strings.ContainsAny(path, "*?[]{}!") }

// ValidInPlan reports whether a plan may have a path: no path of it has a drive, a backslash or a control character.
func ValidInPlan(path string) bool {
	return !strings.ContainsAny(path, `\:`) && !strings.ContainsFunc(path, unicode.IsControl)
}

// Level returns how many folders down a folder is.
func Level(dir string) int {
	if dir == "." {
		return 0
	}
	return 1 + strings.Count(dir, "/")
}

// MaxExcluded is the largest number of projects of a repository whose products are named in the inputs of all steps. In
// a larger repository, those of the others count, as far as git does not ignore them.
const MaxExcluded = 50

// Listed returns the first of some names for a sentence: "a, b and 3 more".
func Listed(names []string, most int) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
