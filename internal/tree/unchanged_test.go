package tree

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// look reads, lists, misses and opens, as a plugin does.
func look(t *testing.T, tree *Tree, now time.Time) []Observation {
	t.Helper()
	r := tree.Record(now)
	fs.ReadFile(r, "read")
	fs.ReadFile(r, "link")
	r.ReadDir("dir")
	r.ReadDir("links")
	r.Open("missed")
	r.Open("sub/missed")
	r.Open("opened")
	if f, err := r.OpenFile("head"); err == nil {
		f.Read(make([]byte, 4))
		f.Close()
	}
	if info, err := r.Stat("sized"); err == nil {
		info.Size()
	}
	seen, err := r.Observations()
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestUnchanged(t *testing.T) {
	write := func(name, text string) func(string) error {
		return func(dir string) error { return os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644) }
	}
	remove := func(name string) func(string) error {
		return func(dir string) error { return os.RemoveAll(filepath.Join(dir, name)) }
	}
	mkdir := func(name string) func(string) error {
		return func(dir string) error { return os.MkdirAll(filepath.Join(dir, name), 0o755) }
	}
	cases := map[string]struct {
		change func(dir string) error
		want   bool
	}{
		"nothing":                         {func(string) error { return nil }, true},
		"a file that nobody looked at":    {write("other", "x"), true},
		"another text of the same length": {write("read", "TEXT"), false},
		"a longer text":                   {write("read", "text and more"), false},
		"the same text again":             {write("read", "text"), true},
		"a file removed":                  {remove("read"), false},
		"behind the head":                 {write("head", "0123xxxx and more"), true},
		"in the head":                     {write("head", "012x4567"), false},
		"shorter than the head":           {write("head", "01"), false},
		"another size":                    {write("sized", "123"), false},
		"another text of that size":       {write("sized", "99"), true},
		"inside what was only opened":     {write("opened", "all new"), true},
		"what was opened removed":         {remove("opened"), false},
		"a new file in a listed folder":   {write("dir/new", ""), false},
		"a file less in a listed folder":  {remove("dir/a"), false},
		"a hidden file in a listed one":   {write("dir/.env", ""), true},
		"another text in a listed folder": {write("dir/a", "x"), true},
		"a file made a folder": {func(dir string) error {
			return firstOf(remove("dir/a")(dir), mkdir("dir/a")(dir))
		}, false},
		"what was missed appeared":         {write("missed", ""), false},
		"a folder of that name appeared":   {mkdir("missed"), false},
		"a hidden one appeared":            {write(".env", ""), true},
		"the folder of a miss appeared":    {mkdir("sub"), true},
		"behind a link":                    {write("target", "TEXT"), false},
		"a link to elsewhere":              {relink("link", "read2"), false},
		"a link in a listing to nowhere":   {remove("links-to"), false},
		"a link that now leaves the place": {relink("link", "../read"), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for clock, now := range map[string]time.Time{"settled": later(), "racy": time.Now(), "none": {}} {
				dir := project(t, map[string]string{
					"read": "text", "target": "text", "read2": "other", "link -> target": "", "dir/a": "",
					"links-to": "", "links/l -> ../links-to": "",
					"opened": "o", "head": "01234567", "sized": "12",
				})
				tree := mustOpen(t, dir)
				seen := look(t, tree, now)
				if err := c.change(dir); err != nil {
					t.Fatal(err)
				}
				if got := tree.Unchanged(seen); got != c.want {
					t.Errorf("clock %s: unchanged: %v, wanted %v", clock, got, c.want)
				}
			}
		})
	}
}

func relink(name, target string) func(string) error {
	return func(dir string) error {
		full := filepath.Join(dir, name)
		return firstOf(os.Remove(full), os.Symlink(target, full))
	}
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// A file that was changed within the grain of the clock, in place, with its old size and its old time.
func TestATimeThatIsTooNearIsNotTrusted(t *testing.T) {
	dir := project(t, map[string]string{"read": "text"})
	tree := mustOpen(t, dir)
	info, err := os.Stat(filepath.Join(dir, "read"))
	if err != nil {
		t.Fatal(err)
	}
	seen := look(t, tree, info.ModTime())
	rewrite(t, dir, "read", "TEXT")
	now, err := os.Stat(filepath.Join(dir, "read"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range seen { // as if the clock had not ticked
		if seen[i].Path == "read" {
			seen[i].Stamp = stampOf(now)
		}
	}
	if tree.Unchanged(seen) {
		t.Error("the change was overlooked")
	}
}

func TestRenewSettlesWhatHadToBeReadAgain(t *testing.T) {
	dir := project(t, map[string]string{"read": "text", "dir/a": "", "head": "0123",
		"links/l -> ../read": ""})
	tree := mustOpen(t, dir)
	seen := look(t, tree, time.Now())
	renewed, ok := tree.Renew(seen, later())
	if !ok {
		t.Fatal("nothing was changed")
	}
	for _, o := range renewed {
		if !o.onlyKind() && o.Kind != Absent && o.Path != "links" && !o.Settled {
			t.Errorf("%v is not settled", o)
		}
	}
	again, ok := tree.Renew(renewed, later())
	if !ok || &again[0] != &renewed[0] {
		t.Error("what is settled was looked at again")
	}
}

func BenchmarkUnchanged(b *testing.B) {
	dir := b.TempDir()
	for _, name := range []string{"read", "target", "head", "sized", "opened"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("some text"), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	tree, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer tree.Close()
	r := tree.Record(later())
	for _, name := range []string{"read", "target", "head", "sized", "opened"} {
		fs.ReadFile(r, name)
	}
	r.ReadDir(".")
	seen, _ := r.Observations()
	b.ReportMetric(float64(len(seen)), "paths")
	for b.Loop() {
		if !tree.Unchanged(seen) {
			b.Fatal("changed")
		}
	}
}
