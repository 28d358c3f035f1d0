package deploy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMountedFiles: a changed text is told for as long as the containers that have it mounted stay, and a file with
// secrets is in no release.
func TestMountedFiles(t *testing.T) {
	t.Parallel()
	f := newFixture(t, "", "")
	write := func(name, text string) { f.must(os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o600)) }
	mounting := func(version string) {
		f.compose(strings.Replace(shop(version, "true"), "depends_on: [db]",
			"depends_on: [db]\n    volumes: [\"./web.conf:/etc/web.conf:ro\", \"./.netrc:/root/.netrc:ro\"]", 1))
	}
	const told = "web: ./web.conf is mounted and has changed"
	write("web.conf", "one")
	write(".netrc", "machine x login y password z")
	mounting("v1")
	if r := f.deployed("dev"); len(r.Mounted) != 1 {
		t.Errorf("the release has %q", r.Mounted)
	}
	write("web.conf", "two")
	for range 2 {
		f.events = nil
		if out, err := f.deploy("dev"); err != nil || out.Changed || !f.said(told) {
			t.Errorf("%+v, %v, said %+v", out, err, f.events)
		}
	}
	f.events = nil
	mounting("v2")
	f.deployed("dev")
	if out, err := f.deploy("dev"); err != nil || out.Changed || f.said(told) {
		t.Errorf("%+v, %v, said %+v", out, err, f.events)
	}
}
