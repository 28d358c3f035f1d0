package tree

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// nextHour is a clock of a time at which what is there now has settled.
func nextHour() time.Time { return time.Now().Add(time.Hour) }

func sumsOf(t *testing.T, x *Index, paths ...string) Snapshot {
	t.Helper()
	sums, err := x.Hash(paths)
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestHashTellsContentKindAndAbsence(t *testing.T) {
	tr := plant(t, map[string]string{"a": "text", "run": "text", "dir/b": "x"})
	if err := os.Chmod(filepath.Join(tr.Dir(), "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a", filepath.Join(tr.Dir(), "link")); err != nil {
		t.Skip(err)
	}
	sums := sumsOf(t, tr.Index("", time.Now), "a", "run", "link", "dir", "none", "../outside")
	want := sha256.Sum256([]byte("text"))
	if sums["a"] != (Sum{want, 'f', 0o644}) || sums["run"] != (Sum{want, 'x', 0o755}) || sums["link"].Kind != 'l' ||
		len(sums) != 3 {
		t.Errorf("got %v", sums)
	}
}

func TestHashDoesNotReadThroughALinkOutOfTheProject(t *testing.T) {
	out := plant(t, map[string]string{"secret": "s"})
	if err := os.Symlink("secret", filepath.Join(out.Dir(), "link")); err != nil {
		t.Skip(err)
	}
	tr := plant(t, nil)
	if err := os.Symlink(out.Dir(), filepath.Join(tr.Dir(), "up")); err != nil {
		t.Skip(err)
	}
	if sums := sumsOf(t, tr.Index("", time.Now), "up/secret", "up/link"); len(sums) != 0 {
		t.Errorf("got %v", sums)
	}
}

func TestTheIndexSavesReading(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1", "b": "2"})
	file := filepath.Join(t.TempDir(), "index")
	x := tr.Index(file, nextHour)
	first := sumsOf(t, x, "a", "b")
	if err := x.Save(); err != nil {
		t.Fatal(err)
	}
	x = tr.Index(file, nextHour)
	for i, l := range must(x.inspectAll([]string{"a", "b"})) {
		if l.read || !l.there {
			t.Errorf("%d was read again", i)
		}
	}
	if changed := first.Diff(sumsOf(t, x, "a", "b")); changed != nil {
		t.Errorf("changed: %q", changed)
	}
	if x.changed {
		t.Error("with nothing learnt the index would be written")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// A file that is written twice within one tick of the clock of its file system, in the same size, must not
// look unchanged.
func TestARacilyCleanFileIsReadAgain(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1"})
	full := filepath.Join(tr.Dir(), "a")
	x := tr.Index("", time.Now)
	before := sumsOf(t, x, "a")
	info, err := os.Stat(full)
	if err != nil {
		t.Fatal(err)
	}
	put(t, tr.Dir(), "a", "2")
	if err := os.Chtimes(full, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := before.Diff(sumsOf(t, x, "a")); len(got) != 1 {
		t.Errorf("the change went unseen")
	}
	if len(x.known) != 0 {
		t.Errorf("a young file was trusted: %v", x.known)
	}
}

func TestATouchIsNoChangeADeletionIs(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1", "b": "2", "c": "3"})
	x := tr.Index("", nextHour)
	before := sumsOf(t, x, "a", "b", "c")
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(tr.Dir(), "a"), old, old); err != nil {
		t.Fatal(err)
	}
	put(t, tr.Dir(), "b", "4")
	if err := os.Remove(filepath.Join(tr.Dir(), "c")); err != nil {
		t.Fatal(err)
	}
	same(t, "changed", before.Diff(sumsOf(t, x, "a", "b", "c")), "b", "c")
}

func TestAFileThatCannotBeReadCountsAsThat(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	tr := plant(t, map[string]string{"a": "1"})
	if err := os.Chmod(filepath.Join(tr.Dir(), "a"), 0); err != nil {
		t.Fatal(err)
	}
	sums, err := tr.Index("", time.Now).Hash([]string{"a"})
	if err != nil || sums["a"].Kind != KindUnreadable {
		t.Errorf("got %v, %v", sums, err)
	}
}

func TestADamagedIndexIsNone(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1"})
	file := filepath.Join(t.TempDir(), "index")
	x := tr.Index(file, nextHour)
	sumsOf(t, x, "a")
	if err := x.Save(); err != nil {
		t.Fatal(err)
	}
	good := must(os.ReadFile(file))
	for i := range good {
		bad := append([]byte(nil), good...)
		bad[i] ^= 0x10
		if known := decodeIndex(bad); len(known) != 0 {
			t.Fatalf("with byte %d changed it holds %v", i, known)
		}
		if known := decodeIndex(good[:i]); len(known) != 0 {
			t.Fatalf("cut at %d it holds %v", i, known)
		}
	}
}

func TestAnIndexThatCannotBeWrittenSaysSo(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1", "file": ""})
	x := tr.Index(filepath.Join(tr.Dir(), "file", "index"), nextHour)
	sumsOf(t, x, "a")
	if err := x.Save(); err == nil {
		t.Error("wanted an error")
	}
}

func FuzzIndex(f *testing.F) {
	f.Add(encodeIndex(map[string]known{"a/b": {stamp: Stamp{Size: 1, Mtime: -5, Inode: 1 << 63},
		sum: Sum{Kind: 'f'}}}))
	f.Add([]byte(indexHeader + "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f1234"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d := decoder{text: string(data)}
		for d.text != "" && !d.bad {
			d.record()
		}
		files := decodeIndex(data)
		again := decodeIndex(encodeIndex(files))
		if len(again) != len(files) {
			t.Fatalf("got %d files back of %d", len(again), len(files))
		}
		for name, k := range files {
			if again[name] != k {
				t.Errorf("%q: got %v back of %v", name, again[name], k)
			}
		}
	})
}
