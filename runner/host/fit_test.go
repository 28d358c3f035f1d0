package host

import "testing"

func TestFitOf(t *testing.T) {
	for _, c := range []struct {
		pin, version, name string
		want               fit
	}{
		{"", "3.11.2", "", fits},
		{"3.12.4", "3.12.4", "", fits},
		{"3.12.4", "3.12.1", "", samePatch},
		{"3.12.4", "3.12.40", "", samePatch},
		{"3.12.4", "3.1.4", "", otherVersion},
		{"3.1.4", "3.12.4", "", otherVersion},
		{"3.12", "3.12.9", "", fits},
		{"3.12", "3.11.2", "", otherVersion},
		{"3.14", "3.14.0rc1", "", fits},
		{"22", "22.13.0", "", fits},
		{"22", "20.20.2", "", otherVersion},
		{"22.13", "22.14.0", "", otherVersion},
		{">=22.13", "24.1.0", "", fits},
		{">=22.13", "22.12.0", "", otherVersion},
		{"^20 || ^22", "21.0.0", "", otherVersion},
		{"==3.11.*", "3.11.4", "", fits},
		{"1.90", "1.90.1", "", fits},
		{"1.97", "1.97.0-nightly 2026-05-15", "", otherChannel},
		{"1.90", "1.90.0", "1.90", fits},
		{"stable", "1.95.0", "", fits},
		{"stable", "1.97.0-nightly 2026-05-15", "", otherChannel},
		{"nightly", "1.97.0-nightly 2026-05-15", "", fits},
		{"nightly", "1.95.0", "", otherChannel},
		{"beta", "1.96.0-beta.3", "", fits},
		{"nightly-2026-01-01", "1.97.0-nightly 2026-05-15", "nightly", otherVersion},
		{"nightly-2026-01-01", "1.94.0-nightly 2025-12-31", "nightly-2026-01-01", fits},
		{"nightly-2026-01-01", "1.95.0", "stable", otherChannel},
		{"lts/*", "20.1.0", "", fits},
	} {
		if got := fitOf(c.pin, c.version, c.name); got != c.want {
			t.Errorf("%q, %q of %q: got %d, wanted %d", c.pin, c.version, c.name, got, c.want)
		}
	}
}

func TestCompareVersions(t *testing.T) {
	inOrder := []string{"3.9.18", "3.10.2", "3.12.1", "3.12", "3", "nightly"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			if got := compareVersions(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s and %s: got %d", a, b, got)
			}
		}
	}
}
