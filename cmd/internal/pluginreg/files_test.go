package pluginreg

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
)

// TestApplyRefusesFilesThatHaveChanged changes project.toml between a proposal and its application: neither file is written.
func TestApplyRefusesFilesThatHaveChanged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := &Change{dir: dir, Edits: []Edit{{File: project.LockFile, Now: []byte("version = 1\n")}, {File: project.File, Now: []byte("# davit\n")}}}
	file := filepath.Join(dir, project.File)
	if err := os.WriteFile(file, []byte("# somebody\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Published{}.Apply(c)
	if err == nil || fault.Of(err) != fault.Refused || err.Error() != "project.toml has changed meanwhile; nothing was written" {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, project.LockFile)); err == nil {
		t.Error("project.lock was written")
	}
	if text, _ := os.ReadFile(file); string(text) != "# somebody\n" {
		t.Errorf("project.toml is %q", text)
	}
	c.Edits[1].Was = []byte("# somebody\n")
	if err := (Published{}).Apply(c); err != nil {
		t.Error(err)
	}
}
