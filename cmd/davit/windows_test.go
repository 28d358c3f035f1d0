package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestWindows runs davit.exe by the command in DAVIT_TEST_WINE, with which Wine runs a program: testdata/windows/*.txtar.
func TestWindows(t *testing.T) {
	t.Parallel()
	wine, err := exec.LookPath(os.Getenv("DAVIT_TEST_WINE"))
	if err != nil {
		t.Skip("DAVIT_TEST_WINE does not name a command of Wine")
	}
	bin := t.TempDir()
	buildForWindows(t, filepath.Join(bin, "davit.exe"))
	start := fmt.Sprintf("#!/bin/sh\nexec %q %q \"$@\"\n", wine, filepath.Join(bin, "davit.exe"))
	if err := os.WriteFile(filepath.Join(bin, "davit"), []byte(start), 0o755); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/windows",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("DAVIT_CACHE", `Z:`+strings.ReplaceAll(filepath.Join(e.WorkDir, ".cache"), "/", `\`))
			for _, name := range []string{"HOME", "WINEPREFIX"} {
				e.Setenv(name, os.Getenv(name))
			}
			e.Setenv("WINEDEBUG", "-all")
			e.Setenv("TMPDIR", os.TempDir()) // where Wine has the socket of its server
			return nil
		},
	})
}

func buildForWindows(t *testing.T, file string) {
	t.Helper()
	c := exec.Command("go", "build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", file, ".")
	c.Env = append(c.Environ(), "GOOS=windows", "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}
