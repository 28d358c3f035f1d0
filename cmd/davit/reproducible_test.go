package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestBuildsAreReproducible builds davit in two folders, as a release is built: whoever builds it again has the
// same bytes.
func TestBuildsAreReproducible(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds davit twice")
	}
	t.Parallel()
	var first []byte
	for _, name := range []string{"a", "a-folder-with-a-longer-name"} {
		dir := filepath.Join(t.TempDir(), name)
		copySource(t, dir)
		c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", "davit.out", "./cmd/davit")
		c.Dir, c.Env = dir, append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		built, err := os.ReadFile(filepath.Join(dir, "davit.out"))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(built, []byte(dir)) {
			t.Errorf("davit has the name of the folder %s in it", dir)
		}
		if first == nil {
			first = built
		}
		if !bytes.Equal(first, built) {
			t.Errorf("%d and %d bytes, which differ", len(first), len(built))
		}
	}
	t.Logf("2 builds tried, 2 have the same %d bytes", len(first))
}

// copySource copies what davit is built from.
func copySource(t *testing.T, to string) {
	t.Helper()
	for _, name := range []string{"cmd", "conventions", "internal", "plugins", "runner", "templates"} {
		if err := os.CopyFS(filepath.Join(to, name), os.DirFS(filepath.Join("..", "..", name))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", "..", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
