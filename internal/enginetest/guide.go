package enginetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// DocExample returns the code block of a language in docs/engines.md that contains a word.
func DocExample(t testing.TB, language, word string) string {
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

// inRepository returns the path of a file of davit's repository, for a test of any package.
func inRepository(t testing.TB, name string) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(filepath.Dir(strings.TrimSpace(string(out))), filepath.FromSlash(name))
}
