package release

import "testing"

func TestSharedModes(t *testing.T) {
	for want, entries := range map[string][]string{
		"":        {"web", "db:rw", "container:cache"},
		"ro rw":   {"web:ro", "db"},
		"rw ro":   {"0123456789ab", "container:cache:ro"},
		"rw ro,z": {"web", "db:ro,z"},
	} {
		if got := SharedModes(entries); got != want {
			t.Errorf("the modes of %q are %q, wanted %q", entries, got, want)
		}
	}
}
