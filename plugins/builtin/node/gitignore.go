package node

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// foreignFolder reports whether git does not track what is in a folder, as far as the files of the project say so: a
// .gitignore above it names it or a folder above it, or it is in a submodule.
func foreignFolder(p *sdk.Project, dir string) bool {
	modules, _ := p.Read(".gitmodules")
	for line := range strings.Lines(modules) {
		key, value, _ := strings.Cut(line, "=")
		if strings.TrimSpace(key) == "path" && sdk.Inside(dir, path.Clean(strings.TrimSpace(value))) {
			return true
		}
	}
	return slices.ContainsFunc(append(parents(dir)[1:], dir), func(name string) bool { return ignoresFolder(p, name) })
}

// ignoresFolder reports whether the last line of the .gitignore files above a folder that matches it ignores it.
func ignoresFolder(p *sdk.Project, dir string) (ignored bool) {
	for _, from := range parents(dir) {
		text, _ := p.Read(join(from, ".gitignore"))
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, " \t\r\n")
			pattern, keep := strings.CutPrefix(line, "!")
			if pattern != "" && !strings.HasPrefix(pattern, "#") && gitMatches(pattern, relative(from, dir)) {
				ignored = !keep
			}
		}
	}
	return ignored
}

// gitMatches reports whether a pattern of a .gitignore matches a folder below it. One without a slash, save at its end,
// matches in any folder.
func gitMatches(pattern, dir string) bool {
	pattern = strings.TrimSuffix(pattern, "/")
	anchored := strings.Contains(pattern, "/")
	parts := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	if !anchored {
		parts = append([]string{"**"}, parts...)
	}
	return matchPath(parts, strings.Split(dir, "/"))
}

// relative returns a folder as seen from one above it.
func relative(from, dir string) string {
	if from == "." {
		return dir
	}
	return strings.TrimPrefix(dir, from+"/")
}
