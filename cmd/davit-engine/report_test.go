package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/davit-dev/davit/internal/browsertest"
	"github.com/davit-dev/davit/plugins/pluginstest"
)

// TestReports runs testdata/report/*.txtar, which need no container engine.
func TestReports(t *testing.T) {
	t.Parallel()
	caches := t.TempDir()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/report", RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			cache := filepath.Join(caches, filepath.Base(e.WorkDir))
			e.Setenv("DAVIT_CACHE", cache)
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			return pluginstest.Link(cache)
		},
		Condition: func(name string) (bool, error) {
			return name == "browser" && (os.Getenv("CI") == "true" || browsertest.Find() != ""), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"browse": browse, "git-init": gitInit},
	})
}

// browse opens a page on a phone and on a desktop, in light and in dark colours: browse FILE TEXT... It must show the texts,
// be made of nothing else, have no message in the console, and be no wider than the screen.
func browse(ts *testscript.TestScript, _ bool, args []string) {
	program := browsertest.Find()
	if program == "" {
		ts.Fatalf("there is no Chromium on PATH")
	}
	url, backgrounds := "file://"+filepath.ToSlash(ts.MkAbs(args[0])), map[string]bool{}
	for _, view := range []browsertest.View{{Width: 390}, {Width: 1280, Dark: true}} {
		page, err := browsertest.Open(program, ts.MkAbs("profile"), url, view)
		ts.Check(err)
		backgrounds[page.Background] = true
		for _, text := range args[1:] {
			if !strings.Contains(page.Text, text) {
				ts.Fatalf("the page does not show %q but\n%s", text, page.Text)
			}
		}
		if !slices.Equal(page.Requests, []string{url}) || len(page.Errors) > 0 || page.Width > view.Width {
			ts.Fatalf("at %d pixels: %d wide, requests %q, errors %q", view.Width, page.Width, page.Requests, page.Errors)
		}
	}
	if len(backgrounds) != 2 {
		ts.Fatalf("light and dark have the same background: %v", backgrounds)
	}
}
