package tree

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// project makes a folder of files, and links for names with " -> target", that all were changed an hour ago.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name, target, link := strings.Cut(name, " -> ")
		full := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		err := error(nil)
		if link {
			err = os.Symlink(filepath.FromSlash(target), full)
		} else {
			err = os.WriteFile(full, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func mustOpen(t *testing.T, dir string, hide ...string) *Tree {
	t.Helper()
	tree, err := Open(dir, hide...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

// later is a clock by which everything that was written before is long settled.
func later() time.Time { return time.Now().Add(time.Hour) }

func names(entries []fs.DirEntry) (out []string) {
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestPluginsSeeTheProjectWithoutSecretsAndWithoutTheWorldOutside(t *testing.T) {
	outside := project(t, map[string]string{"secret": "s"})
	dir := project(t, map[string]string{
		"go.mod": "module m", "cmd/a/main.go": "package main", "secrets/key": "k", "deep/x.pem": "k",
		"deep/y.go":   "",
		".git/config": "c", "sub/.git": "gitdir: elsewhere", ".env": "A=1", "sub/.env.local": "A=2",
		".gitignore":       "/bin",
		"in.mod -> go.mod": "", "in -> cmd": "", "up/in -> ../cmd/a/main.go": "",
		"config -> .git/config": "", "git -> .git": "", "key -> secrets/key": "",
		"out -> ../x": "", "loop -> loop": "", "gone -> nowhere": "", "abs -> " + outside + "/secret": "",
		"absin -> /go.mod":     "",
		"climb -> cmd/../../x": "",
	})
	r := mustOpen(t, dir, "secrets/", "*.pem").Record(later())
	for name, want := range map[string]bool{
		"go.mod": true, "cmd": true, "in.mod": true, "in/a/main.go": true, "up/in": true, ".gitignore": true,
		"deep/y.go": true,
		".git":      false, ".git/config": false, "sub/.git": false, ".env": false, "sub/.env.local": false,
		"secrets": false, "secrets/key": false,
		"deep/x.pem": false, "config": false, "git/config": false, "git": false, "key": false, "out": false,
		"loop": false,
		"gone": false, "abs": false, "absin": false, "climb": false, "../x": false, "/etc/passwd": false,
		"go.mod/x": false, "": false,
		"cmd/..": false, ".GIT/config": false, ".g\u200cit/config": false,
	} {
		_, err := r.Open(name)
		if got := err == nil; got != want {
			t.Errorf("Open(%q): there: %v, wanted %v (%v)", name, got, want, err)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%q): %v, wanted that it does not exist", name, err)
		}
	}
	for name, want := range map[string][]string{
		".":    {".gitignore", "cmd", "deep", "go.mod", "in", "in.mod", "sub", "up"},
		"sub":  nil,
		"deep": {"y.go"},
		"in":   {"a"},
	} {
		entries, err := r.ReadDir(name)
		if diff := cmp.Diff(want, names(entries)); diff != "" || err != nil {
			t.Errorf("ReadDir(%q): %v, differs:\n%s", name, err, diff)
		}
	}
}

func TestNothingSeenTellsATimeOrAPermission(t *testing.T) {
	dir := project(t, map[string]string{"run.sh": "exit"})
	if err := os.Chmod(filepath.Join(dir, "run.sh"), 0o700); err != nil {
		t.Fatal(err)
	}
	r := mustOpen(t, dir).Record(later())
	info, err := r.Stat("run.sh")
	if err != nil || !info.ModTime().IsZero() || info.Mode() != 0o444 || info.Sys() != nil ||
		info.Size() != 4 {
		t.Errorf("got %v %v %v (%v)", info.ModTime(), info.Mode(), info.Sys(), err)
	}
}

func TestWhatWasSeenIsRecordedAndNoMore(t *testing.T) {
	dir := project(t, map[string]string{
		"only-opened": "1", "head": "0123456789", "whole": "all of it", "sized": "12", "empty": "",
		"dir/a": "", "dir/b": "",
		"seen-dir/a": "", "here-and-there": strings.Repeat("x", 3<<20),
	})
	r := mustOpen(t, dir).Record(later())
	open := func(name string) *Handle {
		f, err := r.OpenFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	open("only-opened").Close()
	open("seen-dir").Close()
	open("head").Read(make([]byte, 4))
	open("sized").Size()
	open("here-and-there").ReadAt(make([]byte, 4), 2<<20)
	for _, name := range []string{"whole", "empty"} {
		if _, err := fs.ReadFile(r, name); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.ReadDir("dir"); err != nil {
		t.Fatal(err)
	}
	r.Open("missed")
	r.Open(".env") // never there: nothing to learn
	seen, err := r.Observations()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range seen {
		got = append(got, o.String())
	}
	want := []string{
		"dir/ (listed)", "empty", "head (first 4 bytes)", "here-and-there", "missed (absent)",
		"only-opened (present)", "seen-dir/ (present)",
		"sized (size)", "whole",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReadingHereAndThereIsReadingFromTheFront(t *testing.T) {
	dir := project(t, map[string]string{"f": "0123456789"})
	tree := mustOpen(t, dir)
	r := tree.Record(later())
	f, err := r.OpenFile("f")
	if err != nil {
		t.Fatal(err)
	}
	f.ReadAt(make([]byte, 2), 6) // closes the gap: 0 to 7
	f.Seek(1, io.SeekStart)
	f.Read(make([]byte, 2))
	seen, _ := r.Observations()
	if seen[0].Read != 8 || seen[0].Whole {
		t.Errorf("got %+v, wanted the first 8 bytes", seen[0])
	}
	rewrite(t, dir, "f", "01234567xx")
	if !tree.Unchanged(seen) {
		t.Error("a change behind what was read counts")
	}
	rewrite(t, dir, "f", "x123456789")
	if tree.Unchanged(seen) {
		t.Error("a change of what was read does not count")
	}
}

func TestAFileThatChangesUnderThePluginNeverHolds(t *testing.T) {
	dir := project(t, map[string]string{"f": "one"})
	tree := mustOpen(t, dir)
	r := tree.Record(later())
	fs.ReadFile(r, "f")
	rewrite(t, dir, "f", "two and more")
	fs.ReadFile(r, "f")
	fs.ReadFile(r, "late")
	rewrite(t, dir, "late", "here now")
	fs.ReadFile(r, "late")
	seen, _ := r.Observations()
	for _, o := range seen {
		if tree.Unchanged([]Observation{o}) {
			t.Errorf("%+v holds, though nobody knows what was seen", o)
		}
	}
}

func TestTooManyPathsAndOpenFilesAreRefused(t *testing.T) {
	r := mustOpen(t, project(t, map[string]string{"f": ""})).Record(later())
	var open []fs.File
	for {
		f, err := r.Open("f")
		if err != nil {
			break
		}
		if open = append(open, f); len(open) > maxFiles {
			t.Fatalf("%d files are open", len(open))
		}
	}
	for _, f := range open {
		f.Close()
	}
	r.cost = maxSeen
	if _, err := r.Open("g"); !errors.Is(err, ErrTooMuch) {
		t.Errorf("got %v", err)
	}
	if _, err := r.Observations(); !errors.Is(err, ErrTooMuch) {
		t.Errorf("got %v", err)
	}
}

func TestAListingCanBeReadInPieces(t *testing.T) {
	r := mustOpen(t, project(t, map[string]string{"a": "", "b": "", "c": ""})).Record(later())
	f, err := r.OpenFile(".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for range 2 { // the second time after going back to the front
		for {
			some, err := f.ReadDir(2)
			if err == io.EOF {
				break
			}
			got = append(got, names(some)...)
		}
		f.Seek(0, io.SeekStart)
	}
	if want := []string{"a", "b", "c", "a", "b", "c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func rewrite(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestHideGlobs(t *testing.T) {
	tree := mustOpen(t, t.TempDir(), "a/", "b/*.key", "**/c", "./d/**", "*.pem", "/e")
	for name, want := range map[string]bool{
		"a": true, "x/a/y": true, "b": false, "b/1.key": true, "b/x/1.key": false, "x/c": true, "c/x": true,
		"d": true, "d/x/y": true,
		"x/d": false, "k.pem": true, "x/k.pem": true, "e": true, "x/e": false, ".": false,
	} {
		if got := tree.hidden(name); got != want {
			t.Errorf("%q: hidden: %v, wanted %v", name, got, want)
		}
	}
	if _, err := Open(t.TempDir(), "[a"); err == nil {
		t.Error("a glob that is none is taken")
	}
	if runtime.GOOS == "linux" && tree.hidden("A") {
		t.Error("the case of names does not count")
	}
}

func FuzzParseObservations(f *testing.F) {
	full := Observation{Path: "a", Kind: File, Read: 3, Whole: true, Stamp: Stamp{1, 2, 3, 4}, Settled: true}
	f.Add(AppendObservations(nil, []Observation{full, {Path: "b"}, {Path: "c", Kind: Folder, Listed: true}}))
	f.Add([]byte{255, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, data []byte) {
		seen, rest, err := ParseObservations(data)
		if err != nil {
			return
		}
		again := AppendObservations(nil, seen)
		back, left, err := ParseObservations(append(again, rest...))
		if err != nil || !slices.Equal(back, seen) || !bytes.Equal(left, rest) {
			t.Errorf("%v became %v (%v)", seen, back, err)
		}
	})
}
