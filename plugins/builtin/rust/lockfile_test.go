package rust

import "testing"

func TestMatchesIgnore(t *testing.T) {
	for _, c := range []struct {
		pattern, file string
		want          bool
	}{
		{"Cargo.lock", "Cargo.lock", true}, {"Cargo.lock", "api/Cargo.lock", true},
		{"/Cargo.lock", "Cargo.lock", true}, {"/Cargo.lock", "api/Cargo.lock", false},
		{"**/Cargo.lock", "api/Cargo.lock", true}, {"api/Cargo.lock", "api/Cargo.lock", true},
		{"*.lock", "Cargo.lock", true}, {"*/Cargo.lock", "api/Cargo.lock", true},
		{"# Cargo.lock", "Cargo.lock", false}, {"", "Cargo.lock", false}, {"Cargo.lock/", "Cargo.lock", false},
		{"[", "Cargo.lock", false}, {"target", "Cargo.lock", false},
	} {
		if got := matchesIgnore(c.pattern, c.file); got != c.want {
			t.Errorf("%q, %q: got %v", c.pattern, c.file, got)
		}
	}
}
