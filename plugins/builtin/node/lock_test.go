package node

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// TestProbe asks npm about what it has installed.
func TestProbe(t *testing.T) {
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed")
	}
	const same = "node_modules holds what package-lock.json lists"
	const other = "node_modules is not what package-lock.json lists"
	for name, c := range map[string]struct {
		change func(t *testing.T, dir string)
		env    string
		says   string
	}{
		"the same": {func(*testing.T, string) {}, "", same},
		"nothing":  {remove("node_modules"), "", "there is no node_modules"},
		"a lock that moved": {func(t *testing.T, dir string) {
			write(t, dir+"/package.json", manifestOf("2.0.0", ""))
			write(t, dir+"/package-lock.json", lockOf("2.0.0"))
		}, "", other},
		"a manifest that moved": {func(t *testing.T, dir string) {
			write(t, dir+"/package.json", manifestOf("^2.0.0", ""))
		}, "", "npm ci would not succeed"},
		"a manifest with more": {func(t *testing.T, dir string) {
			write(t, dir+"/package.json", manifestOf("1.0.0", `, "devDependencies": {"c": "1.0.0"}`))
		}, "", "npm ci would not succeed"},
		"a nested one removed": {remove("node_modules/a/node_modules/b"), "", other},
		"a record without its package": {func(t *testing.T, dir string) {
			put(t, dir, "a/node_modules/b", "0.9.0")
			record(t, dir)
		}, "", other},
		"a version as it was published": {func(t *testing.T, dir string) {
			put(t, dir, "a/node_modules/b", "v1.0.0+3")
			record(t, dir)
		}, "", same},
		"one too many":            {func(t *testing.T, dir string) { put(t, dir, "extra", "1.0.0") }, "", other},
		"an optional one removed": {remove("node_modules/here"), "", other},
		"production":              {func(*testing.T, string) {}, "NODE_ENV=production", "npm is told to leave something out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := installed(t)
			c.change(t, dir)
			command := exec.Command("node", "-e", probe, "package-lock.json")
			command.Dir, command.Env = dir, append(os.Environ(), c.env)
			out, err := command.CombinedOutput()
			if got := strings.TrimSpace(string(out)); got != c.says || (err == nil) != (c.says == same) {
				t.Errorf("got %q (%v), wanted %q", got, err, c.says)
			}
		})
	}
}

func remove(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
}

// manifestOf returns a manifest with a dependency in a version, and more sections.
func manifestOf(version, more string) string {
	return `{"name": "x", "version": "1.0.0", "dependencies": {"a": "` + version + `"}, ` +
		`"optionalDependencies": {"here": "1.0.0", "elsewhere": "1.0.0"}` + more + `}`
}

// lockOf returns a lockfile with a package in a version, one in it, and an optional one for this system and one for
// another.
func lockOf(version string) string {
	entry := func(version, more string) string {
		return `{"version": "` + version + `", "resolved": "https://registry.invalid/x.tgz", "integrity": "sha512-` +
			strings.Repeat("A", 86) + `=="` + more + `}`
	}
	return `{"name": "x", "version": "1.0.0", "lockfileVersion": 3, "requires": true, "packages": {"": ` +
		manifestOf(version, "") +
		`, "node_modules/a": ` + entry(version, `, "dependencies": {"b": "1.0.0"}`) +
		`, "node_modules/a/node_modules/b": ` + entry("1.0.0", "") +
		`, "node_modules/elsewhere": ` + entry("1.0.0", `, "optional": true, "os": ["none"]`) +
		`, "node_modules/here": ` + entry("1.0.0", `, "optional": true`) + `}}`
}

// installed returns a project as npm leaves it.
func installed(t *testing.T) string {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "package.json"), manifestOf("1.0.0", ""))
	write(t, filepath.Join(dir, "package-lock.json"), lockOf("1.0.0"))
	for _, name := range []string{"a", "a/node_modules/b", "here"} {
		put(t, dir, name, "1.0.0")
	}
	record(t, dir)
	return dir
}

// record writes npm's record of node_modules, as the last of its files.
func record(t *testing.T, dir string) {
	record := strings.Replace(lockOf("1.0.0"), `"": `+manifestOf("1.0.0", "")+`, `, "", 1)
	elsewhere := strings.Index(record, `, "node_modules/elsewhere"`)
	record = record[:elsewhere] + record[strings.Index(record, `, "node_modules/here"`):]
	write(t, filepath.Join(dir, "node_modules", ".package-lock.json"), record)
}

func put(t *testing.T, dir, name, version string) {
	text := `{"name": "` + path.Base(name) + `", "version": "` + version + `"`
	if name == "a" {
		text += `, "dependencies": {"b": "1.0.0"}`
	}
	write(t, filepath.Join(dir, "node_modules", name, "package.json"), text+"}")
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
