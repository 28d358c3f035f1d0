package tree

import (
	"io/fs"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

// maxName is how long a path may be, in bytes.
const maxName = 4096

// folds tells whether file systems of this system usually take "A" and "a" for one name.
const folds = runtime.GOOS == "windows" || runtime.GOOS == "darwin"

// normalizeGlobs brings globs into the form that hides compares with: no "/" at the end, and "**/" before a name without a slash.
func normalizeGlobs(globs []string) []string {
	var out []string
	for _, glob := range globs {
		bare := strings.TrimPrefix(strings.TrimRight(strings.TrimPrefix(glob, "./"), "/"), "/")
		bare = strings.TrimSuffix(bare, "/**")
		if !strings.Contains(strings.TrimRight(glob, "/"), "/") {
			bare = "**/" + bare
		}
		if folds {
			bare = strings.ToLower(bare)
		}
		out = append(out, bare)
	}
	return out
}

// hides tells whether plugins must not see the file or folder of that name, which stands in a folder that they do see.
func (t *Tree) hides(name string) bool {
	if secret(path.Base(name)) {
		return true
	}
	if folds {
		name = strings.ToLower(name)
	}
	return slices.ContainsFunc(t.hide, func(glob string) bool { return doublestar.MatchUnvalidated(glob, name) })
}

// hidden tells whether the name or any folder in it is hidden, or cannot be a name at all.
func (t *Tree) hidden(name string) bool {
	if !fs.ValidPath(name) || len(name) > maxName || !utf8.ValidString(name) {
		return true
	}
	for i, r := range name {
		if r == '/' && t.hides(name[:i]) {
			return true
		}
	}
	return name != "." && t.hides(name)
}

// secret tells whether a base name is one of git's own or of an .env file, in any spelling that a file system takes for it.
func secret(base string) bool {
	if base[0] != '.' && base[0] < utf8.RuneSelf { // most names, cheaply
		return runtime.GOOS == "windows" && aliased(base)
	}
	plain := strings.ToLower(strings.Map(visible, base))
	return plain == ".git" || strings.HasPrefix(plain, ".env") || runtime.GOOS == "windows" && aliased(base)
}

// visible drops the characters that some file systems ignore in names.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// shortName is how Windows abbreviates a name: PROGRA~1.
var shortName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`~[0-9]`) })

// aliased tells whether Windows may take a name for another one: a short name, a stream, dots or spaces at the end.
func aliased(base string) bool {
	return shortName().MatchString(base) || strings.Contains(base, ":") || strings.TrimRight(base, ". ") != base
}
