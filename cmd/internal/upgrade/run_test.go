package upgrade

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTakenBackIsWhatItWas moves random files of a repository with work that is not committed, and compares every file, mode
// and link after it has been taken back.
func TestTakenBackIsWhatItWas(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 0))
			dir := t.TempDir()
			disturb(t, r, dir)
			inGit := seed%3 > 0
			if inGit {
				git(t, dir, "init", "-q")
				git(t, dir, "add", "-A")
				git(t, dir, "commit", "-q", "--allow-empty", "-m", "begin")
			}
			disturb(t, r, dir)
			if inGit && seed%2 == 0 {
				git(t, dir, "add", "-A")
				disturb(t, r, dir)
			}
			before := contents(t, dir)
			refused := errors.New("moved, and failed")
			err := run1(t, dir, &heard{agrees: true}, Options{}, &Proposal{Status: Status{Subject: "s"}, Move: func(context.Context) error {
				disturb(t, r, dir)
				return refused
			}})
			if err == nil || err.Error() != refused.Error() {
				t.Error(err)
			}
			compare(t, before, contents(t, dir))
		})
	}
}

// TestInterruptedIsTakenBack moves a template half way, and upgrades again.
func TestInterruptedIsTakenBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "a", "a\n")
	put(t, dir, "edited", "mine\n")
	put(t, dir, "record", "1\n")
	before := contents(t, dir)
	w, err := Open(dir, filepath.Join(dir, "..", filepath.Base(dir)+"-cache"), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	p := &Proposal{Status: Status{Subject: "template"}, Dir: dir, Changes: []Change{
		{Path: "a", Was: []byte("a\n"), Now: []byte("b\n")}, {Path: "edited", Was: []byte("mine\n"), Now: []byte("theirs\n")},
		{Path: "new/file", Now: []byte("new\n")}, {Path: "never", Now: []byte("x\n")}},
		Besides: []Change{{Path: "record", Now: []byte("2\n")}}}
	if _, err := w.copy(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	put(t, dir, "a", "b\n")
	put(t, dir, "new/file", "new\n")
	put(t, dir, "record", "2\n")
	put(t, dir, "edited", "mine, while davit was dead\n")
	h := &heard{}
	if err := w.Run(t.Context(), nil, Options{Reporter: h}); err != nil {
		t.Fatal(err)
	}
	before["edited"] = "-rw-r--r-- mine, while davit was dead\n"
	compare(t, before, contents(t, dir))
	if len(h.left) != 1 || h.left[0] != "edited" || h.kept == "" {
		t.Errorf("left %v, kept in %q", h.left, h.kept)
	}
	if w.left() != nil {
		t.Error("the copies are still there")
	}
}

// TestTooMuchToCopyIsRefused upgrades a folder of more files than are copied.
func TestTooMuchToCopyIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "large"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(maxCopied+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	err = run1(t, dir, &heard{}, Options{}, &Proposal{Move: func(context.Context) error {
		t.Error("it was moved")
		return nil
	}})
	if err == nil {
		t.Error("it was not refused")
	}
}

// TestDeclinedIsNotMoved declines a change that is known before.
func TestDeclinedIsNotMoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	h := &heard{}
	p := &Proposal{Status: Status{Subject: "s"}, Dir: dir, Changes: Updates("a", nil, []byte("x")), Move: func(context.Context) error {
		t.Error("it was moved")
		return nil
	}}
	if err := run1(t, dir, h, Options{}, p); err != nil || h.outcome != Declined {
		t.Error(h.outcome, err)
	}
}

// run1 upgrades one subject of a folder.
func run1(t *testing.T, dir string, h *heard, o Options, p *Proposal) error {
	t.Helper()
	w, err := Open(dir, t.TempDir(), "x")
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	o.Reporter = h
	return w.Run(t.Context(), []Subject{{p.Subject, func(context.Context) (*Proposal, error) { return p, nil }}}, o)
}

// heard remembers what it is told.
type heard struct {
	agrees  bool
	left    []string
	kept    string
	outcome string
}

func (h *heard) Propose(*Proposal)                            {}
func (h *heard) Show(string, []Change)                        {}
func (h *heard) Agrees(context.Context, string) (bool, error) { return h.agrees, nil }
func (h *heard) Resume(_ string, left []string, kept string)  { h.left, h.kept = left, kept }
func (h *heard) End(_, outcome, _, kept string)               { h.outcome, h.kept = outcome, kept }

// disturb writes, links, removes and makes executable some files.
func disturb(t *testing.T, r *rand.Rand, dir string) {
	for range 12 {
		name := fmt.Sprintf("%s%c", []string{"", "d/", "d/e/"}[r.IntN(3)], 'a'+rune(r.IntN(4)))
		full := filepath.Join(dir, filepath.FromSlash(name))
		os.RemoveAll(full)
		if info, err := os.Lstat(filepath.Join(dir, "d")); err == nil && !info.IsDir() && len(name) > 1 { // d is a file here
			os.Remove(filepath.Join(dir, "d"))
		}
		switch r.IntN(5) {
		case 0:
		case 1:
			if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.Symlink("to "+fmt.Sprint(r.IntN(9)), full)); err != nil {
				t.Fatal(err)
			}
		default:
			put(t, dir, name, []string{"", "one\n", "two\r\n", "a\x00b", fmt.Sprint(r.Uint64())}[r.IntN(5)])
			if err := os.Chmod(full, []fs.FileMode{0o644, 0o755}[r.IntN(2)]); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(full), 0o755), os.WriteFile(full, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// contents returns the files of a folder: their modes and contents by name.
func contents(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(full string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		var text []byte
		if info.Mode()&fs.ModeSymlink != 0 {
			to, _ := os.Readlink(full)
			text = []byte(to)
		} else if text, err = os.ReadFile(full); err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, full)
		all[filepath.ToSlash(rel)] = info.Mode().String() + " " + string(text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func compare(t *testing.T, want, got map[string]string) {
	t.Helper()
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s was %q, and is %q", name, want[name], got[name])
		}
	}
	for name := range got {
		if _, was := want[name]; !was {
			t.Errorf("%s was not there, and is %q", name, got[name])
		}
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=T", "-c", "user.email=t@example.com", "-c", "core.autocrlf=false"}, args...)...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}
