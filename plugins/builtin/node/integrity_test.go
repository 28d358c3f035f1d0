package node

import (
	"reflect"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
)

func TestLockedArchives(t *testing.T) {
	const sum = "sha512-1wRKKNhHqO/pX7YYTmLGMbit70Vsxkxp4feAdTYDBuW7ltZcgQV4zX6RpXvfyT+VFRw+Ju8aMgDze43HANCi1g=="
	for name, c := range map[string]struct {
		lock, text string
		want       []lockedArchive
	}{
		"npm": {"package-lock.json", `{"packages": {
			"node_modules/ms": {"version": "2.1.3", "resolved": "https://registry.npmjs.org/ms/-/ms-2.1.3.tgz", "integrity": "sha512-a=="},
			"node_modules/mast": {
				"version": "1.0.0",
				"resolved": "file:mast-1.0.0.tgz",
				"integrity": "` + sum + `"
			}}, "dependencies": {"mast": {"version": "file:mast-1.0.0.tgz", "integrity": "` + sum + `"}}}`,
			[]lockedArchive{{"mast-1.0.0.tgz", sum}}},
		"yarn": {"yarn.lock", `"mast@file:./mast-1.0.0.tgz":
  version "1.0.0"
  resolved "file:./mast-1.0.0.tgz#62ad1e6e08801f2f93ef9525366157290c9e6d4e"

"rope@file:rope.tgz":
  version "1.0.0"
  resolved "file:rope.tgz#62ad1e6e08801f2f93ef9525366157290c9e6d4e"
  integrity ` + sum + `
`, []lockedArchive{{"mast-1.0.0.tgz", "sha1-Yq0ebgiAHy+T75UlNmFXKQyebU4="}, {"rope.tgz", sum}}},
		"bun": {"bun.lock", `{"packages": {
    "mast": ["mast@./mast-1.0.0.tgz", {}, "` + sum + `"],
    "@x/rope": ["@x/rope@vendor/rope.tar.gz", { "dependencies": { "ms": "2.1.3" } }, "` + sum + `"],
    "ms": ["ms@2.1.3", "", {}, "` + sum + `"],
}}`, []lockedArchive{{"mast-1.0.0.tgz", sum}, {"vendor/rope.tar.gz", sum}}},
		"pnpm": {"pnpm-lock.yaml", "lockfileVersion: '9.0'\nresolved \"file:a.tgz\"\n", nil},
	} {
		p := &sdk.Project{FS: fstest.MapFS{
			"package.json": {Data: []byte(`{"dependencies": {"mast": "file:mast-1.0.0.tgz"}}`)},
			c.lock:         {Data: []byte(c.text)},
		}}
		u, err := newUnit(p, config{}, ".", nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.lockedArchives(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: got %q, wanted %q", name, got, c.want)
		}
	}
}
