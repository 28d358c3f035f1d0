package atomicfile

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

func TestWriteCreatesAndReplaces(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "b", "file")
	for _, text := range []string{"one", "", "a longer text"} {
		if err := Write(name, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != text {
			t.Errorf("the file has %q, %v, want %q", got, err, text)
		}
	}
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	onlyFile(t, name)
}

func TestAnErrorLeavesTheOldContent(t *testing.T) {
	name := filepath.Join(t.TempDir(), "folder")
	old := filepath.Join(name, "old")
	if err := Write(old, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(name, []byte("new"), 0o600); err == nil {
		t.Error("a folder was replaced by a file")
	}
	onlyFile(t, name)
	if got, err := os.ReadFile(old); err != nil || string(got) != "old" {
		t.Errorf("the file has %q, %v", got, err)
	}
	if err := Write(filepath.Join(old, "file"), nil, 0o600); err == nil {
		t.Error("a file was written below a file")
	}
}

func TestDiscardRemovesTheTemporaryFile(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	f.Discard()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

// TestReadersSeeWholeFiles fails if a reader ever sees a part of a file, or no file.
func TestReadersSeeWholeFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open cannot be replaced there; the writer gets an error")
	}
	name := filepath.Join(t.TempDir(), "file")
	texts := [][]byte{bytes.Repeat([]byte("a"), 100_000), bytes.Repeat([]byte("b"), 50_000)}
	if err := Write(name, texts[0], 0o600); err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	for _, text := range texts {
		writers.Go(func() {
			for range 50 {
				if err := Write(name, text, 0o600); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, texts[0]) &&
			!bytes.Equal(got, texts[1]) {
			t.Fatalf("read %d bytes, %v", len(got), err)
		}
	}
	writers.Wait()
	onlyFile(t, name)
}

// onlyFile checks that there is nothing else in the folder of a file.
func onlyFile(t *testing.T, name string) {
	t.Helper()
	if all, err := os.ReadDir(filepath.Dir(name)); err != nil || len(all) != 1 ||
		all[0].Name() != filepath.Base(name) {
		t.Errorf("in the folder: %v, %v", all, err)
	}
}
