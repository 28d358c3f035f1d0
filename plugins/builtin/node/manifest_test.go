package node

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestManifestTakesWrongTypesAsAbsent(t *testing.T) {
	m, err := parseManifest(`{
  "name": 7, "engines": ["node >= 4"], "workspaces": {"packages": ["a/*"]}, "dependencies": [],
  "devEngines": {"packageManager": [{"name": "pnpm"}]},
  "scripts": {"test": "mocha",
    "odd": 3,
    "build": "tsc"},
  "exports": {".": {"import": "./dist/a.mjs", "require": ["./cjs/a.cjs"]}}
}`)
	if err != nil {
		t.Fatal(err)
	}
	got := []any{m.Name, m.Engines, m.Workspaces, m.PackageManager, m.Scripts, m.Lines["build"], m.Entries,
		m.installs()}
	want := []any{"", "", []string{"a/*"}, "pnpm", map[string]string{"test": "mocha", "build": "tsc"}, 6,
		[]string{"dist/a.mjs", "cjs/a.cjs"}, false}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, wanted %v", got, want)
	}
}

func TestManifestFaultsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"{\n  // no\n}":      "2: is not JSON: invalid character '/' looking for beginning of object key string: package.json has no comments",
		"{\n<<<<<<< HEAD\n}": "2: is not JSON: invalid character '<' looking for beginning of object key string: a merge was left unfinished",
		"{\n\"a\": [1,]\n}":  "2: is not JSON: invalid character ']' looking for beginning of value: there is a comma too many before it",
		"":                   "1: is not JSON: unexpected end of JSON input",
		"\"text\"":           "1: is not a JSON object",
	} {
		if _, err := parseManifest(text); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, wanted %s", text, err, want)
		}
	}
}

func TestPlainJSONIsJSON(t *testing.T) {
	text := plainJSON(
		"\ufeff{ // a \"comment\"\n \"a\": \"// no, /* no */ ,]\", /* b, */ \"b\": [1, 2, /* 3 */ ], }")
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if got["a"] != "// no, /* no */ ,]" || len(got["b"].([]any)) != 2 {
		t.Errorf("got %v", got)
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add(`{"scripts": {"a": "b"}, "exports": [["./x"]], "devEngines": {"packageManager": []}}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseManifest(text)
		if (m == nil) == (err == nil) {
			t.Fatalf("got %v and %v", m, err)
		}
	})
}

func FuzzPlainJSON(f *testing.F) {
	f.Add("{\"a\": 1, /* b */ // c\n}")
	f.Fuzz(func(t *testing.T, text string) {
		if json.Valid([]byte(text)) && !reflect.DeepEqual(decoded(text), decoded(plainJSON(text))) {
			t.Errorf("%q became %q", text, plainJSON(text))
		}
	})
}

func decoded(text string) (v any) {
	json.Unmarshal([]byte(text), &v)
	return v
}
