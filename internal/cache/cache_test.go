package cache

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/davit-dev/davit/internal/atomicfile"
)

func blob(t *testing.T, s *Store, digest string) (string, bool) {
	t.Helper()
	var b bytes.Buffer
	ok := s.Copy(&b, digest)
	return b.String(), ok
}

func TestABlobIsKeptByItsContent(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	digest, ok := s.Put(strings.NewReader("text"))
	if want := "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"; !ok || digest != want {
		t.Fatalf("got %q, %v", digest, ok)
	}
	if text, ok := blob(t, Open(s.dir, Options{}), digest); !ok || text != "text" {
		t.Errorf("got %q, %v", text, ok)
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, blobs, atomicfile.Prefix+"*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestADamagedBlobIsAMissAndIsRemoved(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	digest, _ := s.Put(strings.NewReader("text"))
	file := s.path(blobs, digest)
	for _, damage := range []string{"", "tex", "TEXT", "text and more"} {
		if err := os.WriteFile(file, []byte(damage), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := blob(t, s, digest); ok {
			t.Errorf("%q passed for the blob", damage)
		}
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%q is still there", damage)
		}
	}
}

func TestAWriterThatFailsDoesNotCostTheBlob(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	digest, _ := s.Put(strings.NewReader("text"))
	r, w := io.Pipe()
	r.CloseWithError(errors.New("full"))
	if s.Copy(w, digest) {
		t.Error("wanted a miss")
	}
	if _, ok := blob(t, s, digest); !ok {
		t.Error("the blob is gone")
	}
}

func TestASourceThatCannotBeReadIsNoFaultOfTheStore(t *testing.T) {
	s := Open(t.TempDir(), Options{Warn: func(text string) { t.Errorf("warned: %s", text) }})
	if _, ok := s.Put(iotest.ErrReader(errors.New("bad disk"))); ok {
		t.Error("it was stored")
	}
	if _, ok := s.Put(strings.NewReader("text")); !ok {
		t.Error("the store gave up")
	}
}

type entry struct{ N int }

func TestAnEntryIsKeptByItsKey(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	s.Save(Key("a", "b"), entry{7})
	var e entry
	if !s.Load(Key("a", "b"), &e) || e.N != 7 {
		t.Errorf("got %v", e)
	}
	if s.Load(Key("ab"), &e) || s.Load("../../etc/passwd", &e) {
		t.Error("another key gave the same")
	}
	s.Drop(Key("a", "b"))
	if s.Load(Key("a", "b"), &e) {
		t.Error("it is still there")
	}
}

func TestADamagedEntryIsAMissAndIsRemoved(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	s.Save(Key("k"), entry{7})
	file := s.path(entries, Key("k"))
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 1
		for _, data := range [][]byte{bad, good[:i]} {
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			if s.Load(Key("k"), &entry{}) {
				t.Fatalf("%q passed", data)
			}
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("it is still there")
	}
}

func FuzzEntry(f *testing.F) {
	f.Add([]byte("{}"))
	f.Add([]byte(checksum([]byte(`{"N":1}`)) + "\n" + `{"N":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var e entry
		sum, body, _ := bytes.Cut(data, []byte("\n"))
		if decode(data, &e) && checksum(body) != string(sum) {
			t.Errorf("%q passed", data)
		}
	})
}

func TestAStoreThatCannotBeWrittenWarnsOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var said []string
	s := Open(filepath.Join(file, "cache"), Options{Warn: func(text string) { said = append(said, text) },
		Limit: 1})
	for range 3 {
		if _, ok := s.Put(strings.NewReader("text")); ok {
			t.Error("it was stored")
		}
		s.Save(Key("k"), entry{1})
		if s.Load(Key("k"), &entry{}) {
			t.Error("it was loaded")
		}
	}
	s.Close()
	if len(said) != 1 || !strings.HasPrefix(said[0], "the cache is disabled, because") {
		t.Errorf("warned: %q", said)
	}
}

func TestAStoreInAFolderThatMayOnlyBeReadStillGives(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root writes everywhere")
	}
	dir := t.TempDir()
	Open(dir, Options{}).Save(Key("k"), entry{7})
	for _, d := range []string{dir, filepath.Join(dir, entries), filepath.Join(dir, entries, Key("k")[:2])} {
		if err := os.Chmod(d, 0o500); err != nil {
			t.Fatal(err)
		}
		defer os.Chmod(d, 0o700)
	}
	warned := 0
	s := Open(dir, Options{Warn: func(string) { warned++ }})
	s.Save(Key("other"), entry{1})
	if e := (entry{}); !s.Load(Key("k"), &e) || e.N != 7 || warned != 1 {
		t.Errorf("got %v, warned %d times", e, warned)
	}
}

func TestNoFolderKeepsNothingAndSaysNothing(t *testing.T) {
	s := Open("", Options{Warn: func(text string) { t.Error(text) }, Limit: 1})
	s.Save(Key("k"), entry{1})
	if _, ok := s.Put(strings.NewReader("")); ok || s.Load(Key("k"), &entry{}) || s.File("index", "x") != "" {
		t.Error("something was kept")
	}
	s.Drop(Key("k"))
	s.Close()
}

func TestWhatWasUnusedLongestIsPrunedFirst(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	dir := t.TempDir()
	s := Open(dir, Options{Now: clock})
	var digests []string
	for i := range 10 {
		d, _ := s.Put(strings.NewReader(fmt.Sprint(i, strings.Repeat("x", 99))))
		digests = append(digests, d)
		at := now.Add(time.Duration(i-20) * time.Hour)
		if err := os.Chtimes(s.path(blobs, d), at, at); err != nil {
			t.Fatal(err)
		}
	}
	blob(t, s, digests[0]) // used: now it is the youngest
	left := filepath.Join(dir, blobs, atomicfile.Prefix+"1")
	old := now.Add(-48 * time.Hour)
	if err := errors.Join(os.WriteFile(left, nil, 0o600), os.Chtimes(left, old, old)); err != nil {
		t.Fatal(err)
	}
	s = Open(dir, Options{Now: clock, Limit: 500})
	s.Close()
	if _, ok := blob(t, s, digests[1]); !ok {
		t.Fatal("a store that only reads has pruned")
	}
	s.Put(strings.NewReader("new"))
	s.Close()
	var there []int
	for i, d := range digests {
		if _, err := os.Stat(s.path(blobs, d)); err == nil {
			there = append(there, i)
		}
	}
	if fmt.Sprint(there) != "[0 1 9]" {
		t.Errorf("left: %v", there)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a killed process left is still there")
	}
}

func TestPruningIsDoneAtMostOnceAnHour(t *testing.T) {
	now := time.Now()
	dir := t.TempDir()
	s := Open(dir, Options{Now: func() time.Time { return now }, Limit: 10})
	s.Put(strings.NewReader("0123456789abcdef"))
	s.Close()
	d, _ := s.Put(strings.NewReader("0123456789abcdef"))
	s.Close()
	if _, ok := blob(t, s, d); !ok {
		t.Error("pruned again at once")
	}
	now = now.Add(2 * time.Hour)
	s.Close()
	if _, ok := blob(t, s, d); ok {
		t.Error("not pruned after two hours")
	}
}

func TestManyMayStoreTheSameAtOnce(t *testing.T) {
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		s := Open(dir, Options{Warn: func(text string) { t.Error(text) }})
		wg.Go(func() {
			for n := range 20 {
				text := fmt.Sprint(n)
				d, ok := s.Put(strings.NewReader(text))
				if got, there := blob(t, s, d); !ok || !there || got != text {
					t.Errorf("got %q, %v, %v", got, ok, there)
				}
				s.Save(Key("k"), entry{i})
				if !s.Load(Key("k"), &entry{}) {
					t.Error("half an entry was seen")
				}
			}
		})
	}
	wg.Wait()
}
