package tree

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// search returns what Unlisted finds besides the listed files.
func (t *Tree) search(tb *testing.T) *Unlisted {
	tb.Helper()
	entries, err := t.Files(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	var listed []string
	for _, e := range entries {
		listed = append(listed, e.Path)
	}
	found, err := t.Unlisted(listed)
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// unlisted returns what Unlisted finds in a repository, and checks that it is the same without git.
func unlisted(t *testing.T, files map[string]string) *Unlisted {
	t.Helper()
	want := plant(t, files).search(t)
	tr := plant(t, files)
	git(t, tr.Dir(), "init", "-q")
	got := tr.search(t)
	same(t, "files by a walk", want.Files, got.Files...)
	same(t, "environments by a walk", want.Environments, got.Environments...)
	return got
}

func TestIgnoredFilesAreUnlistedButForTheStateOfTools(t *testing.T) {
	u := unlisted(t, map[string]string{
		".gitignore": "dist/\n*.gen\n__pycache__/\nnode_modules/\n.venv\ntarget/\n*~\n.idea/\n.vscode/\nown/\n",
		"a.go":       "", "a.gen": "", "a.go~": "", "dist/web/page.html": "", "dist/x.gen": "",
		"__pycache__/a.pyc": "", "node_modules/left/index.js": "", ".venv/pyvenv.cfg": "",
		"web/node_modules/right/index.js": "", ".idea/x.xml": "", ".vscode/settings.json": "",
		"rust/Cargo.toml": "", "rust/target/debug/x": "", "target/report.txt": "",
		"own/pyvenv.cfg": "", "own/lib/x.py": "", ".venv-old/.gitignore": "*\n", ".venv-old/pyvenv.cfg": "",
	})
	same(t, "files", u.Files, "a.gen", "dist/web/page.html", "dist/x.gen", "target/report.txt")
	same(t, "environments", u.Environments, ".venv", "node_modules", "own", "web/node_modules")
}

func TestWhatAnInnerRepositoryIgnoresIsUnlisted(t *testing.T) {
	tr := plant(t, map[string]string{"a.go": "", "inner/.gitignore": "gen/\n", "inner/b.go": "", "inner/gen/c.go": ""})
	git(t, tr.Dir(), "init", "-q")
	git(t, filepath.Join(tr.Dir(), "inner"), "init", "-q")
	same(t, "files", tr.search(t).Files, "inner/gen/c.go")
}

func TestTheRecordOfAnEnvironment(t *testing.T) {
	outside := plant(t, map[string]string{"index.js": ""})
	tr := plant(t, map[string]string{"node_modules/@team/a/index.js": "", "node_modules/b/index.js": "",
		"node_modules/.package-lock.json": "{}", ".venv/pyvenv.cfg": "",
		".venv/lib/python3.11/site-packages/idna-3.6.dist-info/RECORD": ""})
	record := func(dir string) string {
		t.Helper()
		e, err := tr.Environment(dir)
		if err != nil {
			t.Fatal(err)
		}
		return e.Record
	}
	node, python := record("node_modules"), record(".venv")
	put(t, tr.Dir(), "node_modules/b/index.js", "edited by hand")
	if record("node_modules") != node {
		t.Error("the content of a package counts")
	}
	put(t, tr.Dir(), "node_modules/.package-lock.json", "{ }")
	if now := record("node_modules"); now == node {
		t.Error("the record of the manager does not count")
	} else {
		node = now
	}
	put(t, tr.Dir(), "node_modules/@team/c/index.js", "")
	if record("node_modules") == node {
		t.Error("another package in a scope does not count")
	}
	site := filepath.Join(tr.Dir(), ".venv/lib/python3.11/site-packages")
	if err := os.Rename(filepath.Join(site, "idna-3.6.dist-info"), filepath.Join(site, "idna-3.10.dist-info")); err != nil {
		t.Fatal(err)
	}
	if record(".venv") == python {
		t.Error("another version of a package does not count")
	}
	if err := os.Symlink(outside.Dir(), filepath.Join(tr.Dir(), "node_modules/linked")); err != nil {
		if runtime.GOOS == "windows" {
			t.Skip(err)
		}
		t.Fatal(err)
	}
	e, err := tr.Environment("node_modules")
	if err != nil {
		t.Fatal(err)
	}
	real, _ := filepath.EvalSymlinks(outside.Dir())
	same(t, "outside", e.Outside, real)
	put(t, tr.Dir(), ".venv/lib/python3.11/site-packages/own.pth", outside.Dir()+"\n")
	if e, err = tr.Environment(".venv"); err != nil {
		t.Fatal(err)
	}
	same(t, "outside by .pth", e.Outside, outside.Dir())
}

// TestTheRecordOfPackagesInPackages removes or changes one package, deep in a node_modules.
func TestTheRecordOfPackagesInPackages(t *testing.T) {
	const npm, pnpm = "node_modules/.package-lock.json", "node_modules/.modules.yaml"
	for _, c := range []struct {
		manager, file, text string // what the package at the file is now; "": it is removed
		same                bool
	}{
		{npm, "node_modules/debug/node_modules/ms/package.json", "", false},
		{npm, "node_modules/@team/a/node_modules/ms/package.json", "", false},
		{npm, "node_modules/@team/a/node_modules/@team/b/package.json", "", false},
		{npm, "node_modules/debug/node_modules/ms/node_modules/deep/package.json", "", false},
		{npm, "node_modules/lib/node_modules/ms/package.json", "", false},
		{npm, "node_modules/debug/node_modules/ms/package.json", "{}", true},
		{npm, "node_modules/debug/node_modules/.cache/x", "", true},
		{npm, "node_modules/debug/test/node_modules/x/package.json", "", true},
		{"", "node_modules/debug/node_modules/ms/package.json", "{}", false},
		{"", "node_modules/@team/a/node_modules/@team/b/package.json", "{}", false},
		{pnpm, "node_modules/.pnpm/debug@4.4.0/node_modules/ms/package.json", "", false},
		{pnpm, "node_modules/.pnpm/@team+a@1.0.0/node_modules/@team/a/package.json", "", false},
		{pnpm, "node_modules/.pnpm/node_modules/ms/package.json", "", false},
		{pnpm, "node_modules/.pnpm/debug@4.4.0/node_modules/ms/package.json", "{}", true},
	} {
		files := map[string]string{c.file: "{ }"}
		if c.manager != "" {
			files[c.manager] = ""
		}
		tr := plant(t, files)
		before, err := tr.Environment("node_modules")
		if err != nil {
			t.Fatal(err)
		}
		if put(t, tr.Dir(), c.file, c.text); c.text == "" {
			err = os.RemoveAll(filepath.Join(tr.Dir(), filepath.Dir(c.file)))
		}
		after, failed := tr.Environment("node_modules")
		if err != nil || failed != nil || (before.Record == after.Record) != c.same {
			t.Errorf("%+v: %v, %v", c, err, failed)
		}
	}
}

func BenchmarkEnvironment(b *testing.B) {
	files := map[string]string{"node_modules/.package-lock.json": "{}"}
	for i := range 200 {
		files[fmt.Sprintf("node_modules/p%d/package.json", i)] = "{}"
		if i%10 == 0 {
			files[fmt.Sprintf("node_modules/p%d/node_modules/q/package.json", i)] = "{}"
		}
	}
	tr := plant(b, files)
	for b.Loop() {
		if _, err := tr.Environment("node_modules"); err != nil {
			b.Fatal(err)
		}
	}
}
