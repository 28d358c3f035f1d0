package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestAPlanIsWrittenForTheUserAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("left out: links need a privilege, and modes mean something else")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "plan.json"), filepath.Join(dir, "link.json")
	if err := os.WriteFile(file, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := writePlan(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	i, err := os.Lstat(link)
	if err != nil || i.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link became %v, %v", i.Mode(), err)
	}
	if text, err := os.ReadFile(file); string(text) != "new" || err != nil {
		t.Errorf("the file has %q, %v", text, err)
	}
	if i, err := os.Stat(file); err != nil || i.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v, %v", i.Mode(), err)
	}
}

func TestAPlanIsNotWrittenElsewhere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := writePlan(dir, nil); err == nil {
		t.Error("a folder was written to")
	}
	if err := writePlan(filepath.Join(dir, "absent", "plan.json"), nil); err == nil {
		t.Error("a folder was made")
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := writePlan(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if i, err := os.Stat(os.DevNull); err != nil || i.Mode().IsRegular() {
		t.Errorf("%s became %v, %v", os.DevNull, i.Mode(), err)
	}
}
