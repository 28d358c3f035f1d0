package tree

import (
	"path"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	files := []string{"a.go", "a_gen.go", "docs/a.md", "docs/b/c.md", "docsy.md", "src/a.go", "src/a_test.go",
		"src/deep/x.ts"}
	routes := []string{"app/[id]/page.tsx", "app/[id]/x.css", "app/i/page.tsx"}
	for globs, want := range map[string]string{
		"app/[id]/page.tsx": "app/[id]/page.tsx app/i/page.tsx",
		"app/[id]":          "app/[id]/page.tsx app/[id]/x.css",
		"app/[id]/*.css":    "app/[id]/x.css",
		"!app/[id]/":        "",
	} {
		if got := strings.Join(Match(strings.Fields(globs), routes), " "); got != want {
			t.Errorf("%q: got %q, wanted %q", globs, got, want)
		}
	}
	for _, c := range []struct{ globs, want string }{
		{"", ""},
		{"**/*.go", "a.go a_gen.go src/a.go src/a_test.go"},
		{"*.go", "a.go a_gen.go"},
		{"docs/", "docs/a.md docs/b/c.md"},
		{"docs", "docs/a.md docs/b/c.md"},
		{"a.go", "a.go"},
		{"./a.go", "a.go"},
		{"**/*.go !**/*_gen.go", "a.go src/a.go src/a_test.go"},
		{"!**/*_gen.go **/*.go", "a.go src/a.go src/a_test.go"},
		{"!src/ !docs", "a.go a_gen.go docsy.md"},
		{"src/** !src/deep/", "src/a.go src/a_test.go"},
		{"src/*/", "src/deep/x.ts"},
		{"**/*.{md,ts}", "docs/a.md docs/b/c.md docsy.md src/deep/x.ts"},
		{"src/a*.go", "src/a.go src/a_test.go"},
		{"[", ""},
		{"**", strings.Join(files, " ")},
		{".", strings.Join(files, " ")},
	} {
		got := strings.Join(Match(strings.Fields(c.globs), files), " ")
		if got != c.want {
			t.Errorf("%q: got %q, wanted %q", c.globs, got, c.want)
		}
	}
}

func TestValidGlob(t *testing.T) {
	for glob, want := range map[string]bool{"**/*.go": true, "!docs/": true, "a{b": false, "[": false,
		"": true} {
		if got := ValidGlob(glob); got != want {
			t.Errorf("%q: got %v, wanted %v", glob, got, want)
		}
	}
}

// Globs to take and to leave out are compared in different ways, which must not differ.
func FuzzAGlobAndItsExclusionShareNothing(f *testing.F) {
	f.Add("**/*.go", "a/b.go")
	f.Add("docs/", "docs/x")
	f.Add("**/*_test.go", "_test.go")
	f.Fuzz(func(t *testing.T, glob, name string) {
		if !ValidGlob(glob) || strings.HasPrefix(glob, "!") || name == "" ||
			name != path.Clean(name) || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "..") || strings.Contains(glob, "//") {
			t.Skip()
		}
		both := Match([]string{glob}, []string{name})
		if inverse := Match([]string{"!" + glob}, []string{name}); len(both) == len(inverse) {
			t.Errorf("%q and its exclusion both give %d for %q", glob, len(both), name)
		}
	})
}
