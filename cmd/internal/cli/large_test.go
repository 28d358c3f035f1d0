package cli_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLargeProjectsGetAPlan lists the targets of projects with a thousand parts, with nothing in the cache.
func TestLargeProjectsGetAPlan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, provider, summary string
		write                   func(put func(name, text string))
	}{
		{"modules", "go", "1000 Go modules (go 1.26)", goModules},
		{"members", "node", "npm workspace root with 1000 members", npmMembers},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "project")
			t.Cleanup(func() { closeCache(cacheOf(dir)) })
			c.write(func(name, text string) { write(t, filepath.Join(dir, name), text) })
			if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			var l struct {
				Stacks []struct{ Provider, Summary string }
				Failed []struct{ Reason string }
			}
			if err := json.Unmarshal([]byte(run(t, dir, 0, "targets", "--json")), &l); err != nil {
				t.Fatal(err)
			}
			if len(l.Failed) > 0 || len(l.Stacks) != 1 || l.Stacks[0].Provider != c.provider ||
				!strings.HasPrefix(l.Stacks[0].Summary, c.summary) {
				t.Errorf("got %+v", l)
			}
		})
	}
}

func goModules(put func(name, text string)) {
	for i := range 1000 {
		dir := fmt.Sprintf("group%d/module%d", i/50, i)
		put(dir+"/go.mod", fmt.Sprintf("module example.com/m%d\n\ngo 1.26\n", i))
		put(dir+"/main.go", "package main\n\nfunc main() {}\n")
		put(dir+"/main_test.go", "package main\n\nimport \"testing\"\n\nfunc TestX(*testing.T) {}\n")
	}
}

func npmMembers(put func(name, text string)) {
	put("package.json", `{"name": "root", "private": true, "workspaces": ["packages/*"]}`)
	put("package-lock.json", `{"name": "root", "lockfileVersion": 3, "packages": {}}`)
	for i := range 1000 {
		put(fmt.Sprintf("packages/p%d/package.json", i),
			fmt.Sprintf(`{"name": "p%d", "scripts": {"test": "node --test", "build": "node build.js"}}`, i))
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
