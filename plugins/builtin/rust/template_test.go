package rust

import (
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A Cargo.toml that a generator fills is no package.
func TestATemplateIsNoPackage(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{"Cargo.toml": "[package]\nname = 'x'\n", "src/lib.rs": "",
		"gen/Cargo.toml": "[package]\nname = '{{ crate }}'\n", "gen/src/lib.rs": "#[test]\nfn t() {}"} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	p, err := Read(&sdk.Project{FS: files})
	if err != nil {
		t.Fatal(err)
	}
	for id, s := range p.Steps {
		if s.Dir == "gen" {
			t.Errorf("%s is planned", id)
		}
	}
}
