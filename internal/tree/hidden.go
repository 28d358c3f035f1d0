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

// maxName is the greatest length of a path, in bytes.
const maxName = 4096

// folds says whether file systems of this system usually treat "A" and "a" as the same name.
const folds = runtime.GOOS == "windows" || runtime.GOOS == "darwin"

// normalizeGlobs returns globs in the form that hides compares with: no "/" at the end, and "**/" before a
// name without a slash.
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

// hides reports whether plugins must not see the file or folder of that name, in a folder that they do see.
func (t *Tree) hides(name string) bool {
	if secret(path.Base(name)) {
		return true
	}
	if folds {
		name = strings.ToLower(name)
	}
	return slices.ContainsFunc(t.hide, func(glob string) bool {
		return doublestar.MatchUnvalidated(glob,
			name)
	})
}

// hidden reports whether the name or any folder in it is hidden, or is not a valid name.
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

// secret reports whether a base name is git's own or that of an .env file, in any spelling that a file system
// accepts for it.
func secret(base string) bool {
	if base[0] != '.' && base[0] < utf8.RuneSelf { // fast path for most names
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

// shortName matches Windows' short form of a name: PROGRA~1.
var shortName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`~[0-9]`) })

// aliased reports whether Windows may take a name for another one: a short name, a stream, dots or spaces at
// the end.
func aliased(base string) bool {
	return shortName().MatchString(base) || strings.Contains(base, ":") ||
		strings.TrimRight(base, ". ") != base
}
