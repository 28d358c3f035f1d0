package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestToolsOfScripts: without a tool a script stops, or is left out, where its condition says so; in CI each such tool
// has to be there, so that nothing is left out.
func TestToolsOfScripts(t *testing.T) {
	if os.Getenv("CI") != "true" {
		t.Skip("left out: elsewhere than in CI, a tool may be missing")
	}
	scripts, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("there are no scripts: %v", err)
	}
	needed := regexp.MustCompile(`(?m)^\[!exec:([\w-]+)\] (?:stop|skip)`)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range needed.FindAllStringSubmatch(string(text), -1) {
			if _, err := exec.LookPath(tool[1]); err != nil {
				t.Errorf("%s needs %s, which is not on PATH", script, tool[1])
			}
		}
	}
}
