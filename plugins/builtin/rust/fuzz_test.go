package rust

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

// FuzzRead checks that the plugin returns a valid plan or a message for any manifests.
func FuzzRead(f *testing.F) {
	f.Add("[package]\nname = \"a\"\n[[bin]]\nname = \"../x\"\npath = \"src/main.rs\"\n",
		"[build]\ntarget-dir = \"../t\"\n", "a b")
	f.Add("[workspace]\nmembers = [\"*\", \"[\", \"..\"]\n[workspace.package]\nedition = \"2024\"\n",
		"[build]\ntarget = \"x\"\n", "a")
	f.Add("[package]\nname = \"a\"\n[dependencies]\nb = { path = \"..\\\\b\" }\nc = { path = \"../c\" }\n",
		"", "a/b")
	f.Fuzz(func(t *testing.T, manifest, config, dir string) {
		if !fs.ValidPath(dir) || len(dir) > 255 { // no file system has a longer name
			t.Skip()
		}
		files := fstest.MapFS{}
		for name, text := range map[string]string{
			dir + "/Cargo.toml": manifest, dir + "/src/main.rs": "", dir + "/b/Cargo.toml": manifest,
			".cargo/config.toml": config,
		} {
			files[name] = &fstest.MapFile{Data: []byte(text)}
		}
		p, err := sdktest.Plan(Read, files, nil)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Errorf("%v", err)
		}
	})
}
