package sdk

import (
	"cmp"
	"testing"
)

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"1.9", "1.10", -1}, {"1.26", "1.26.0", 0}, {"2", "1.99.9", 1}, {"", "0", 0}, {"1.x", "1.0", 0},
		{"1.21.1", "1.21", 1},
	} {
		if got := CompareVersions(c.a, c.b); cmp.Compare(got, 0) != c.want {
			t.Errorf("%q and %q: got %d, wanted %d", c.a, c.b, got, c.want)
		}
		if got := CompareVersions(c.b, c.a); cmp.Compare(got, 0) != -c.want {
			t.Errorf("%q and %q: got %d, wanted %d", c.b, c.a, got, -c.want)
		}
	}
}

func TestQuote(t *testing.T) {
	for want, words := range map[string][]string{
		"":                                {},
		"''":                              {""},
		"go build -tags=a,b ./cmd/...":    {"go", "build", "-tags=a,b", "./cmd/..."},
		"npm run test:unit":               {"npm", "run", "test:unit"},
		`echo 'it'\''s' '$HOME' 'a b'`:    {"echo", "it's", "$HOME", "a b"},
		"'setuptools>=40' '*' '~' 'a\nb'": {"setuptools>=40", "*", "~", "a\nb"},
	} {
		if got := Quote(words...); got != want {
			t.Errorf("%q: got %s, wanted %s", words, got, want)
		}
	}
}

func TestFoldersByName(t *testing.T) {
	for _, c := range []struct {
		dir                string
		foreign, auxiliary bool
	}{
		{"api", false, false}, {"node_modules", true, false}, {".git", true, false}, {"_old", true, false},
		{"googletest-1.16.0", true, false}, {"api-1.0", false, false}, {"1.2.3", false, false}, {"release-1.2.x", false, false},
		{"examples", false, true}, {"libs/benchmarks/json", false, true}, {"tools", false, true},
		{"examples2", false, false},
	} {
		if got := Foreign(c.dir); got != c.foreign {
			t.Errorf("Foreign(%q) is %v", c.dir, got)
		}
		if got := Auxiliary(c.dir, "tools"); got != c.auxiliary {
			t.Errorf("Auxiliary(%q) is %v", c.dir, got)
		}
	}
}

func TestInside(t *testing.T) {
	for _, c := range []struct {
		dir, parent string
		want        bool
	}{
		{"api", ".", true}, {".", ".", true}, {"api", "api", true}, {"api/v1", "api", true},
		{"api2", "api", false}, {".", "api", false},
	} {
		if got := Inside(c.dir, c.parent); got != c.want {
			t.Errorf("Inside(%q, %q) is %v", c.dir, c.parent, got)
		}
	}
}

func TestHasGlobMeta(t *testing.T) {
	for path, want := range map[string]bool{"a/b c-d": false, "a[1]": true, "a*": true, "{a}": true,
		"!a": true, "": false} {
		if got := HasGlobMeta(path); got != want {
			t.Errorf("HasGlobMeta(%q) is %v", path, got)
		}
	}
}
