package sdk

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

func TestIgnoreScriptLeavesFoldersOfOthersAlone(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	for name, c := range map[string]struct{ before, after string }{
		"no folder":  {"", IgnoreAll},
		"of davit":   {IgnoreAll, IgnoreAll},
		"of others":  {"*\n!.gitignore\n", "*\n!.gitignore\n"},
		"of someone": {"*.exe\n", "*.exe\n"},
		"none in it": {"-", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "build", "my bin", ".gitignore")
			if c.before != "" {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if c.before != "" && c.before != "-" {
				if err := os.WriteFile(file, []byte(c.before), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				cmd := exec.Command("sh", "-ec", IgnoreScript("build/my bin"))
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
					t.Fatalf("%v: %s", err, out)
				}
			}
			if got, _ := os.ReadFile(file); string(got) != c.after {
				t.Errorf("got %q, wanted %q", got, c.after)
			}
		})
	}
}
