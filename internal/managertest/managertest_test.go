package managertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestManagersAreInstalledOnce installs two managers, one of each registry, on a PATH without them, and finds
// them afterwards without a network.
func TestManagersAreInstalledOnce(t *testing.T) {
	for version, m := range map[string]Manager{"uv 0.13.9": UV, "1.22.22": Yarn1} {
		t.Run(m.program, func(t *testing.T) {
			t.Setenv("XDG_CACHE_HOME", t.TempDir())
			t.Setenv("PATH", withoutManagers(t))
			m.Link(t, filepath.Join(t.TempDir(), "bin"))
			t.Setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
			t.Setenv("npm_config_registry", "http://127.0.0.1:1/")
			bin := t.TempDir()
			m.Link(t, bin)
			out, err := exec.Command(filepath.Join(bin, m.program), "--version").Output()
			if err != nil || !strings.HasPrefix(string(out), version) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

// withoutManagers returns a folder with links to what installs managers. A shim of pyenv would need more.
func withoutManagers(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, program := range []string{"python3", "node", "npm", "sh"} {
		path, err := exec.LookPath(program)
		if program == "python3" && err == nil {
			var out []byte
			out, err = exec.Command(path, "-c", "import sys; print(sys.executable)").Output()
			path = strings.TrimSpace(string(out))
		}
		if err != nil {
			t.Skip("left out: ", err)
		}
		if err := os.Symlink(path, filepath.Join(dir, program)); err != nil {
			t.Skip("left out: ", err)
		}
	}
	return dir
}

func TestAVersionThatDoesNotServeIsFound(t *testing.T) {
	program := filepath.Join(t.TempDir(), "yarn")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho 4.18.1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if Yarn1.serves(t.Context(), program) {
		t.Error("yarn 4 serves as yarn 1")
	}
	if _, err := exec.LookPath("sh"); err == nil && !Yarn4.serves(t.Context(), program) {
		t.Error("yarn 4 does not serve")
	}
}
