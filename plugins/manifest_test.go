package plugins

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/compressed"
)

const goodManifest = `name = "acme"
version = "1.4"
api = 1
summary = "Acme's way"
detect = ["acme.yaml", "*/acme.yaml"]
reads = ["acme.yaml"]
authority = "explicit"
permissions = { env = ["ACME_TEAM"] }
`

func TestParseManifest(t *testing.T) {
	got, err := ParseManifest("plugin.toml", []byte(goodManifest))
	want := Manifest{
		Name: "acme", Version: "1.4", API: 1, Summary: "Acme's way",
		Detect: []string{"acme.yaml", "*/acme.yaml"}, Reads: []string{"acme.yaml"},
		Authority: Explicit, Permissions: Permissions{Env: []string{"ACME_TEAM"}},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}

func TestParseManifestRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, text, want string }{
		"another key": {"version =", "versoin =", `plugin.toml:2:1: unknown key "versoin"`},
		"a bad name":  {`"acme"`, `"Acme Corp"`, `plugin.toml:1:1: name: got "Acme Corp"`},
		"another api": {"api = 1", "api = 2", "plugin \"acme\" 1.4 has API 2, and this davit knows API 1"},
		"no authority": {`"explicit"`, `"some"`,
			`authority: got "some", wanted "explicit" or "inferred"`},
		"no version": {`"1.4"`, `""`, "version: wanted one plain line"},
		"two lines":  {"Acme's way", `a\nb`, "summary: wanted one plain line"},
		"no detect":  {`["acme.yaml", "*/acme.yaml"]`, "[]", "detect: wanted at least one glob"},
		"no glob":    {`"*/acme.yaml"`, `"[a"`, `detect: "[a" is not a glob`},
		"reads a glob": {`reads = ["acme.yaml"]`, `reads = ["*.yaml"]`,
			`reads: "*.yaml" is not the path`},
		"reads outside":    {`reads = ["acme.yaml"]`, `reads = ["../x"]`, `reads: "../x" is not the path`},
		"no variable name": {`ACME_TEAM`, `A-B`, `permissions: env: "A-B" is not the name of a variable`},
		"other permission": {`env = [`, `net = [`, `unknown key "net"`},
	} {
		_, err := ParseManifest("plugin.toml", []byte(strings.Replace(goodManifest, c.old, c.text, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, wanted %s", name, err, c.want)
		}
	}
}

func TestPackAndLoad(t *testing.T) {
	packed, err := Pack(hostile, []byte(goodManifest))
	if err != nil {
		t.Fatal(err)
	}
	again, err := Pack(packed, []byte(goodManifest))
	if err != nil || !bytes.Equal(packed, again) {
		t.Errorf("packed twice it is another module (%v)", err)
	}
	file := filepath.Join(t.TempDir(), "acme.wasm")
	if err := os.WriteFile(file, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	m, err := Load("acme", filepath.Dir(file), filepath.Base(file))
	if err != nil || m.Manifest.Name != "acme" || m.Digest != blobs.Digest(packed) {
		t.Fatalf("got %+v (%v)", m, err)
	}
	if data, err := m.Bytes(); err != nil || !bytes.Equal(data, packed) {
		t.Error("the bytes are others")
	}
	m.Manifest.Name = "good"
	if _, err := ask(t, newHost(t, Options{}), m, folder(t, nil)); err != nil {
		t.Error(err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"text":        {"hello", "it is not a WebAssembly module"},
		"a component": {"\x00asm\x0d\x00\x01\x00", "WebAssembly component"},
		"no manifest": {string(header), `it has no section "davit.manifest"`},
		"two of them": {string(header) + "\x00\x0f\x0edavit.manifest\x00\x0f\x0edavit.manifest",
			"it has two sections"},
		"cut off":   {string(header) + "\x00\x7f", "truncated"},
		"a bad one": {string(header) + "\x00\x11\x0edavit.manifesta=", "plugin.toml:1:"},
	} {
		file := filepath.Join(t.TempDir(), "x.wasm")
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load("acme", filepath.Dir(file), filepath.Base(file)); !IsFailure(err) || !strings.Contains(err.Error(), c.want) ||
			!strings.HasPrefix(err.Error(), `plugin "acme" (`+blobs.Short(blobs.Digest([]byte(c.text)))+") cannot be loaded: ") {
			t.Errorf("%s: got %v, wanted %s", name, err, c.want)
		}
	}
}

func TestNotBuiltErrorHasAHint(t *testing.T) {
	_, err := modules(fstest.MapFS{".gitkeep": {}})
	var missing *NotBuiltError
	if !errors.As(err, &missing) || !strings.Contains(missing.Hint(), "make plugins") {
		t.Errorf("got %v", err)
	}
}

func TestBuiltInModulesAreExpandedWhenTheyAreNeeded(t *testing.T) {
	small, err := compressed.Compress(hostile, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := append(bytes.Clone(hostile), "and more"...)
	difference, err := compressed.Compress(other, hostile)
	if err != nil || 2*len(difference) > len(small) {
		t.Fatalf("the difference has %d bytes (%v)", len(difference), err)
	}
	files := fstest.MapFS{
		"index.json": {Data: []byte(`[{"digest":"sha256:1","size":10,"file":"good.wasm.zst","manifest":{"name":"good"}},
			{"digest":"sha256:2","file":"none","manifest":{"name":"none"}},
			{"digest":"sha256:3","file":"other.wasm.zst","base":"sha256:1","manifest":{"name":"other"}},
			{"digest":"sha256:4","file":"other.wasm.zst","base":"sha256:5","manifest":{"name":"without its base"}}]`)},
		"good.wasm.zst": {Data: small}, "other.wasm.zst": {Data: difference},
	}
	all, err := modules(files)
	if err != nil || len(all) != 4 || all[0].Manifest.Name != "good" || all[0].Digest != "sha256:1" {
		t.Fatalf("got %+v (%v)", all, err)
	}
	if data, err := all[0].Bytes(); err != nil || !bytes.Equal(data, hostile) {
		t.Errorf("other bytes (%v)", err)
	}
	if data, err := all[2].Bytes(); err != nil || !bytes.Equal(data, other) {
		t.Errorf("other bytes (%v)", err)
	}
	for _, missing := range []int{1, 3} {
		if _, err := all[missing].Bytes(); err == nil {
			t.Errorf("module %d, of which a part is not there, has bytes", missing)
		}
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	f.Add([]byte(`name = "a"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest("plugin.toml", data)
		if key, reason := m.invalid(); err == nil && reason != "" {
			t.Errorf("%q is taken, though %s: %s", data, key, reason)
		}
	})
}

func FuzzReadManifest(f *testing.F) {
	packed, err := Pack(header, []byte(goodManifest))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte(string(header) + "\x04\x04\x01\x70\x00\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tablesBounded(data)
		ReadManifest(data)
		packed, err := Pack(data, []byte(goodManifest))
		if err != nil {
			return
		}
		if text, err := ReadManifest(packed); err != nil || string(text) != goodManifest {
			t.Errorf("packed, it has the manifest %q (%v)", text, err)
		}
	})
}
