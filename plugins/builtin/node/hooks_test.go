package node

import "testing"

func TestIsArchive(t *testing.T) {
	for version, want := range map[string]bool{
		"file:vendor/q.tgz": true, "./r.tar.gz": true, "r.tar": true, "../outside.tgz": true,
		"1.2.3": false, "file:../lib": false, "https://example.com/r.tgz": false, "git+ssh://example.com/r.tar.gz": false,
	} {
		if got := isArchive(version); got != want {
			t.Errorf("%s: got %v", version, got)
		}
	}
}
