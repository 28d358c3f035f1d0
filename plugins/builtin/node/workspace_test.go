package node

import (
	"slices"
	"strings"
	"testing"
)

func TestPnpmPackagesAreRead(t *testing.T) {
	for text, want := range map[string]string{
		"packages:\n  - 'a/*'\n- \"b\" # two\n\n  # three\n  - c/**\nother:\n  - d\n": "a/* b c/**",
		"other:\n  - d\n":                 "",
		"packages: ['a', \"b/*\"]\n":      "a b/*",
		"packages:\r\n  - a\r\n  - b\r\n": "a b",
	} {
		if got := strings.Join(pnpmPackages(text), " "); got != want {
			t.Errorf("%q: got %q, wanted %q", text, got, want)
		}
	}
}

func TestPathsMatchGlobs(t *testing.T) {
	for _, c := range []struct {
		glob, path string
		want       bool
	}{
		{"packages/*", "packages/a", true},
		{"packages/*", "packages/a/b", false},
		{"**/fixtures/**", "a/fixtures/b/c", true},
		{"libs/{a,b}", "libs/b", true},
		{"libs/{a,b}", "libs/c", false},
		{"apps/**", "apps", true},
	} {
		if got := matchPath(strings.Split(c.glob, "/"), strings.Split(c.path, "/")); got != c.want {
			t.Errorf("%q on %q: got %t", c.glob, c.path, got)
		}
	}
}

func TestGlobsThatLeaveTheProjectAreNone(t *testing.T) {
	for glob, want := range map[string]string{"./a/*/": "a/*", "../b": "", "/c": "", "!./d": "!d",
		`a\b`: ""} {
		if got := cleanGlob(glob); got != want {
			t.Errorf("tidy(%q) = %q, wanted %q", glob, got, want)
		}
	}
}

func FuzzPnpmPackages(f *testing.F) {
	f.Add("packages:\n  - a\n")
	f.Fuzz(func(t *testing.T, text string) {
		if globs := pnpmPackages(text); slices.Contains(globs, "") {
			t.Errorf("%q has an empty glob", text)
		}
	})
}
