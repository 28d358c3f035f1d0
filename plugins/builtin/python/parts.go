package python

import (
	"slices"
	"strings"
)

// A part is one kind of tests, distinguished by the layout of the project.
type part struct {
	target string
	dirs   []string // relative to the folder of the project
	marker string   // or a marker of pytest
}

// kinds are the kinds of tests by the names of their folders, which are beside that of the unit tests or in
// the folder of all tests.
var kinds = []struct {
	target string
	names  []string
}{
	{"test-integration", []string{"integration", "integration_tests", "integrations_tests"}},
	{"test-functional", []string{"functional", "functional_tests", "e2e", "end_to_end", "acceptance",
		"system"}},
}

// parts returns the kinds of tests besides the unit tests, or nil if the layout does not distinguish them.
func (t *tests) parts() (out []part) {
	if t.runner != "pytest" {
		return nil
	}
	for _, kind := range kinds {
		p := part{target: kind.target}
		for _, name := range t.files {
			dir := kindFolder(name, kind.names)
			if dir != "" && !slices.Contains(p.dirs, dir) {
				p.dirs = append(p.dirs, dir)
			}
		}
		if len(p.dirs) == 0 {
			p.marker = t.marker(kind.names)
		}
		if len(p.dirs) > 0 || p.marker != "" {
			out = append(out, p)
		}
	}
	return out
}

func kindFolder(name string, names []string) string {
	parts := strings.Split(name, "/")
	for i, folder := range parts[:len(parts)-1] {
		if slices.Contains(names, folder) && (i == 0 || i == 1 &&
			(parts[0] == "tests" || parts[0] == "test")) {
			return strings.Join(parts[:i+1], "/")
		}
	}
	return ""
}

// marker returns the marker that the configuration of pytest declares for a kind of tests.
func (t *tests) marker(names []string) string {
	for _, line := range t.config.markers {
		name, _, _ := strings.Cut(line, ":")
		name, _, _ = strings.Cut(name, "(")
		if name = strings.TrimSpace(name); slices.Contains(names, name) {
			return name
		}
	}
	return ""
}

// selectArgs returns the arguments with which pytest runs only this part.
func (p part) selectArgs() []string {
	if p.marker != "" {
		return []string{"-m", p.marker}
	}
	return slices.Clone(p.dirs)
}

// hasUnitTests reports whether there are tests outside of the parts.
func (t *tests) hasUnitTests(parts []part) bool {
	return slices.ContainsFunc(t.files, func(name string) bool {
		return !slices.ContainsFunc(parts, func(p part) bool {
			return slices.ContainsFunc(p.dirs,
				func(dir string) bool { return strings.HasPrefix(name, dir+"/") })
		})
	})
}

// excludeArgs returns the arguments with which pytest excludes the parts.
func excludeArgs(parts []part) (args []string) {
	var markers []string
	for _, p := range parts {
		for _, dir := range p.dirs {
			args = append(args, "--ignore="+dir)
		}
		if p.marker != "" {
			markers = append(markers, "not "+p.marker)
		}
	}
	if len(markers) > 0 {
		args = append(args, "-m", strings.Join(markers, " and "))
	}
	return args
}
