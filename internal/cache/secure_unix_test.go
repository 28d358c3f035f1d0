//go:build unix

package cache

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nobody is a user that no test runs as.
const nobody = 65534

// needRoot skips a test that gives files to another user; with CI=true it fails the test.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("only root can give files to another user")
	}
	t.Skip("only root can give files to another user")
}

func give(t *testing.T, name string) {
	t.Helper()
	if err := os.Chown(name, nobody, nobody); err != nil {
		t.Fatal(err)
	}
}

// filled returns a cache folder with the modes of itself and of its folder "store", in which there is a file.
func filled(t *testing.T, mode, inner os.FileMode) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "cache")
	store := filepath.Join(dir, "store")
	if err := firstError(os.MkdirAll(store, 0o700),
		os.WriteFile(filepath.Join(store, "entry"), nil, 0o600), os.Chmod(store, inner),
		os.Chmod(dir, mode)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAFolderThatOthersMayWriteIsClosedAndEmptied(t *testing.T) {
	for _, c := range []struct {
		mode, inner os.FileMode
		dropped     bool
	}{
		{0o700, 0o700, false}, {0o755, 0o700, false}, {0o755, 0o755, false}, {0o700, 0o777, false},
		{0o775, 0o700, true}, {0o777, 0o700, true}, {0o702, 0o700, true}, {0o755, 0o777, true},
		{0o755, 0o720, true},
	} {
		dir := filled(t, c.mode, c.inner)
		for _, want := range []bool{c.dropped, false} {
			if dropped, err := Secure(dir, "store"); dropped != want || err != nil {
				t.Errorf("%o, %o: got %v, %v", c.mode, c.inner, dropped, err)
			}
		}
		if _, err := os.Stat(filepath.Join(dir, "store", "entry")); (err != nil) != c.dropped {
			t.Errorf("%o, %o: the entry: %v", c.mode, c.inner, err)
		}
		if info, err := os.Stat(dir); err != nil || info.Mode()&0o022 != 0 {
			t.Errorf("%o, %o: the folder is %v, %v", c.mode, c.inner, info.Mode(), err)
		}
	}
}

func TestNothingThatIsNotOfTheCacheIsDropped(t *testing.T) {
	dir := filled(t, 0o777, 0o700)
	if err := os.Mkdir(filepath.Join(dir, "photos"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := Secure(dir, "store")
	if err == nil || !strings.Contains(err.Error(), "may be written by other users") {
		t.Errorf("got %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "store", "entry")); err != nil {
		t.Errorf("got %v, %v", info, err)
	}
}

func TestAFolderThatIsNotThereIsSafeWhereOnlyTheUserWrites(t *testing.T) {
	for mode, ok := range map[os.FileMode]bool{
		0o700: true, 0o755: true, 0o775: true, 0o777 | os.ModeSticky: true, 0o777: false,
	} {
		parent := t.TempDir()
		if err := os.Chmod(parent, mode); err != nil {
			t.Fatal(err)
		}
		for _, dir := range []string{"cache", "a/b/cache"} {
			if _, err := Secure(filepath.Join(parent, dir)); (err == nil) != ok {
				t.Errorf("%v: %s: got %v", mode, dir, err)
			}
		}
	}
}

func TestAnothersFolderIsNotUsed(t *testing.T) {
	needRoot(t)
	for name, of := range map[string]func(dir string) string{
		"the cache":          func(dir string) string { return dir },
		"one of its folders": func(dir string) string { return filepath.Join(dir, "store") },
		"the folder around":  filepath.Dir,
	} {
		dir := filled(t, 0o755, 0o700)
		give(t, of(dir))
		if _, err := Secure(dir, "store"); err == nil || !strings.Contains(err.Error(),
			"belongs to another user") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	home := t.TempDir()
	give(t, home)
	if _, err := Secure(filepath.Join(home, ".cache", "davit")); err == nil {
		t.Error("it would create a folder in another's home")
	}
}

func TestALinkCountsAsTheFolderThatItLeadsTo(t *testing.T) {
	needRoot(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filled(t, 0o700, 0o700), link); err != nil {
		t.Fatal(err)
	}
	if _, err := Secure(link, "store"); err != nil {
		t.Error(err)
	}
	if err := os.Lchown(link, nobody, nobody); err != nil {
		t.Fatal(err)
	}
	if _, err := Secure(link, "store"); err == nil {
		t.Error("another's link was followed")
	}
	link = filepath.Join(t.TempDir(), "link")
	dir := filled(t, 0o700, 0o700)
	give(t, dir)
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Secure(link, "store"); err == nil {
		t.Error("a link led to another's folder")
	}
}

func TestWhatSomebodyElseStoredIsNotBelieved(t *testing.T) {
	needRoot(t)
	s := Open(t.TempDir(), Options{})
	digest, _ := s.Put(strings.NewReader("text"))
	s.Save(Key("k"), entry{7})
	secret := string(s.Secret())
	for _, name := range []string{s.path(blobs, digest), s.path(entries, Key("k")), s.secretFile()} {
		give(t, name)
	}
	if _, ok := blob(t, s, digest); ok || s.Has(digest) {
		t.Error("a forged blob was used")
	}
	if s.Load(Key("k"), &entry{}) {
		t.Error("a forged entry was used")
	}
	if string(Open(s.dir, Options{}).Secret()) == secret {
		t.Error("a known secret was used")
	}
	s.Save(Key("k"), entry{8})
	if e := (entry{}); !s.Load(Key("k"), &e) || e.N != 8 {
		t.Errorf("afterwards: %v", e)
	}
}

func BenchmarkSecure(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "cache")
	if err := os.Mkdir(dir, 0o700); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		Secure(dir, "store", "plugins", "images")
	}
}
