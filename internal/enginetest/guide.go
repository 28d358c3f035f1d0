package enginetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Guide is the code in docs/engines.md that is of a language and has a word in it.
func Guide(t testing.TB, language, word string) string {
	t.Helper()
	text, err := os.ReadFile(inRepository(t, "docs/engines.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range strings.Split(string(text), "```"+language+"\n")[1:] {
		if code, _, _ = strings.Cut(code, "```"); strings.Contains(code, word) {
			return code
		}
	}
	t.Fatalf("docs/engines.md has no block of %s with %q", language, word)
	return ""
}

// inRepository is the path of a file of davit's own, from whichever package a test is of.
func inRepository(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(out))), filepath.FromSlash(name))
}
