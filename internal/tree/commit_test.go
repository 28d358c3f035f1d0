package tree

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func TestSourceIsForABrowserAndHoldsNoCredentials(t *testing.T) {
	for remote, want := range map[string]string{
		"https://example.com/team/shop.git":                "https://example.com/team/shop",
		"https://user:token@example.com/team/shop.git?x#y": "https://example.com/team/shop",
		"https://token@example.com:8443/team/shop":         "https://example.com:8443/team/shop",
		"git@example.com:team/shop.git":                    "https://example.com/team/shop",
		"example.com:team/shop.git/":                       "https://example.com/team/shop",
		"ssh://git@example.com:2222/team/shop.git":         "https://example.com/team/shop",
		"git://example.com/shop":                           "https://example.com/shop",
		"/srv/git/shop.git":                                "",
		"../shop":                                          "",
		"file:///srv/git/shop.git":                         "",
		`C:\git\shop`:                                      "",
		"":                                                 "",
	} {
		if got := source(remote); got != want {
			t.Errorf("%q: got %q, wanted %q", remote, got, want)
		}
	}
}

func TestTagged(t *testing.T) {
	for want, tags := range map[string][]string{
		"":           {"latest", "v1", "1.2", "release-1.2.3"},
		"1.2.3":      {"v1.2.3", "latest"},
		"1.2.3-rc.1": {"1.2.3-rc.1"},
		"2.0.0":      {"v2.0.0", "v2.0.0-rc.1"},
	} {
		if got := tagged(tags); got != want {
			t.Errorf("%q: got %q, wanted %q", tags, got, want)
		}
	}
}

func TestCommit(t *testing.T) {
	dir := t.TempDir()
	tr, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if _, ok, err := tr.Commit(context.Background()); ok || err != nil {
		t.Fatalf("outside of a repository: %v, %v", ok, err)
	}
	git := func(args ...string) {
		cmd := exec.Command("git", append([]string{"-c", "user.name=T", "-c", "user.email=t@example.com"},
			args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull,
			"GIT_COMMITTER_DATE=2020-01-02T03:04:05Z")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	if _, ok, err := tr.Commit(context.Background()); ok || err != nil {
		t.Fatalf("without a commit: %v, %v", ok, err)
	}
	git("commit", "-q", "--allow-empty", "-m", "begin")
	git("tag", "v1.0.0")
	git("remote", "add", "origin", "https://u:p@example.com/shop.git")
	c, ok, err := tr.Commit(context.Background())
	if !ok || err != nil || c.Dirty || len(c.Revision) < 40 || c.Version != "1.0.0" ||
		c.Source != "https://example.com/shop" ||
		!c.Time.Equal(time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)) {
		t.Errorf("got %+v, %v, %v", c, ok, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	git("add", "new")
	later := time.Now().Add(time.Hour) // the index has another time, which git would like to mend
	if err := os.Chtimes(filepath.Join(dir, "new"), later, later); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, ".git", "index"))
	if err != nil {
		t.Fatal(err)
	}
	if c, _, err := tr.Commit(context.Background()); !c.Dirty || err != nil {
		t.Errorf("with a file more: %+v, %v", c, err)
	}
	if after, err := os.ReadFile(filepath.Join(dir, ".git", "index")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("a look at the commit wrote the index: %v", err)
	}
}

func TestRefsChangeWithTheCommitAndTheTags(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1"})
	refs := func() string {
		t.Helper()
		text, err := tr.Refs()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if refs() != "" {
		t.Error("there is no repository")
	}
	seen := map[string]string{}
	for _, step := range []struct {
		name string
		args []string
	}{
		{"init", []string{"init", "-q"}}, {"commit", []string{"commit", "-q", "--allow-empty", "-m", "x"}},
		{"tag", []string{"tag", "v1"}}, {"branch", []string{"checkout", "-q", "-b", "other"}},
		{"another commit", []string{"commit", "-q", "--allow-empty", "-m", "y"}},
	} {
		git(t, tr.Dir(), step.args...)
		if before, twice := seen[refs()]; twice {
			t.Errorf("%s: the same as after %s", step.name, before)
		}
		seen[refs()] = step.name
	}
	put(t, tr.Dir(), "sub/b", "")
	git(t, tr.Dir(), "add", ".")
	sub, err := Open(filepath.Join(tr.Dir(), "sub"))
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Close()
	if text, err := sub.Refs(); err != nil || text != refs() {
		t.Errorf("in a folder of the repository: %q, %v", text, err)
	}
}

// TestLacks: a commit lacks another one that it does not descend from, or that is not in the repository at all; what
// is no hash, and a shallow clone, say nothing.
func TestLacks(t *testing.T) {
	tr := plant(t, map[string]string{"a": "1"})
	commit := func() string {
		t.Helper()
		git(t, tr.Dir(), "commit", "-q", "--allow-empty", "-m", "x")
		c, _, err := tr.Commit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return c.Revision
	}
	git(t, tr.Dir(), "init", "-q")
	first, second := commit(), commit()
	absent := "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct {
		commit, earlier string
		want            bool
	}{
		{second, first, false}, {first, first, false}, {first, second, true}, {second, absent, true},
		{absent, first, false}, {second, "--all", false}, {"", first, false}, {second, "", false},
	} {
		if got := tr.Lacks(t.Context(), c.commit, c.earlier); got != c.want {
			t.Errorf("%q lacks %q: %v", c.commit, c.earlier, got)
		}
	}
	for commit, want := range map[string]bool{first: true, absent: false, "--all": false, "": false} {
		if got := tr.Has(t.Context(), commit); got != want {
			t.Errorf("has %q: %v", commit, got)
		}
	}
	shallow := t.TempDir()
	git(t, tr.Dir(), "clone", "-q", "--depth=1", "file://"+tr.Dir(), shallow)
	clone, err := Open(shallow)
	if err != nil {
		t.Fatal(err)
	}
	defer clone.Close()
	if clone.Lacks(t.Context(), second, first) {
		t.Error("a shallow clone says what it cannot know")
	}
}

// TestIsOf: what was made from a commit of the repository is of it, unless it was in another folder of its working tree.
func TestIsOf(t *testing.T) {
	tr := plant(t, map[string]string{"web/a": "1", "api/a": "1"})
	git(t, tr.Dir(), "init", "-q")
	git(t, tr.Dir(), "commit", "-q", "--allow-empty", "-m", "x")
	web, err := Open(filepath.Join(tr.Dir(), "web"))
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	c, _, err := web.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		commit, folder string
		want           bool
	}{
		{c.Revision, "", true}, {c.Revision, t.TempDir(), true}, {c.Revision, filepath.Join(tr.Dir(), "gone"), true},
		{c.Revision, filepath.Join(tr.Dir(), "api"), false}, {"0123456789abcdef0123456789abcdef01234567", "", false},
	} {
		if got := web.IsOf(t.Context(), one.commit, one.folder); got != one.want {
			t.Errorf("%+v: %v", one, got)
		}
	}
}
