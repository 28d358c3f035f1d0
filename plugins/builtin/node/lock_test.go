package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProbe runs the probe with Node, as davit does.
func TestProbe(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	const two = `{"packages": {"": {}, "node_modules/a": {"version": "1.0.0"}, "node_modules/b": {"version": "2.0.0"}}}`
	for name, c := range map[string]struct {
		lock, have string
		installed  string
		ok         bool
		says       string
	}{
		"the same": {two, two, "a b", true, "node_modules holds what package-lock.json lists"},
		"nothing":  {two, "", "", false, "npm has not installed node_modules"},
		"other version": {two, strings.Replace(two, "2.0.0", "2.0.1", 1), "a b", false,
			"node_modules/b is installed in another version"},
		"one missing": {two, `{"packages": {"node_modules/a": {"version": "1.0.0"}}}`, "a", false,
			"node_modules/b is not installed"},
		"one removed": {two, two, "a", false, "node_modules/b is not installed"},
		"one too many": {`{"packages": {"node_modules/a": {"version": "1.0.0"}}}`, two, "a b", false,
			"node_modules/b is installed but not in the lockfile"},
		"optional missing": {`{"packages": {"node_modules/a": {"version": "1"}, "node_modules/c": {"version": "1", "optional": true}}}`,
			`{"packages": {"node_modules/a": {"version": "1"}}}`, "a", true,
			"node_modules holds what package-lock.json lists"},
		"version 1": {`{"dependencies": {"a": {"version": "1", "dependencies": {"b": {"version": "2"}}}}}`,
			`{"packages": {"node_modules/a": {"version": "1"}, "node_modules/a/node_modules/b": {"version": "2"}}}`,
			"a a/node_modules/b", true, "node_modules holds what package-lock.json lists"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "package-lock.json"), c.lock)
			for _, installed := range strings.Fields(c.installed) {
				write(t, filepath.Join(dir, "node_modules", installed, "package.json"), "{}")
			}
			if c.have != "" {
				write(t, filepath.Join(dir, "node_modules", ".package-lock.json"), c.have)
			}
			command := exec.Command(node, "-e", probe, "package-lock.json")
			command.Dir = dir
			out, err := command.CombinedOutput()
			if got := strings.TrimSpace(string(out)); (err == nil) != c.ok || got != c.says {
				t.Errorf("got %q (%v), wanted %q", got, err, c.says)
			}
		})
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLockedRootIsFoundInTheBeginning(t *testing.T) {
	root, ok := lockedRoot(
		`{"name": "x", "packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"vers`)
	if !ok || stringMap(root["dependencies"])["a"] != "1" {
		t.Errorf("got %v, %t", root, ok)
	}
	for _, text := range []string{"", "[]", `{"dependencies": {}}`, `{"packages": {"": {"depend`,
		`{"packages": {"a": {}}}`} {
		if _, ok := lockedRoot(text); ok {
			t.Errorf("%q has a root", text)
		}
	}
}

func FuzzLockedRoot(f *testing.F) {
	f.Add(`{"packages": {"": {}}}`)
	f.Fuzz(func(_ *testing.T, text string) { lockedRoot(text) })
}
