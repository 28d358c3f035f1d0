package main

import (
	"go/parser"
	"go/token"
	"path"
	"strings"
	"testing"
)

func TestTreeIsSoManyFilesOfGo(t *testing.T) {
	n := 0
	for name, content := range tree() {
		if path.Ext(name) != ".go" {
			continue
		}
		n++
		if _, err := parser.ParseFile(token.NewFileSet(), name, content, 0); err != nil {
			t.Error(err)
		}
	}
	if n != sources {
		t.Errorf("got %d files, wanted %d", n, sources)
	}
}

func TestNapsNeedTheOneBefore(t *testing.T) {
	want := "[targets.nap1]\nrun = [\"nap\"]\neffect = \"reads\"\n[targets.nap2]\nrun = [\"nap\"]\neffect = \"reads\"\nneeds = [\"nap1\"]\n"
	if got := naps(2); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestOverrideReplacesAndTakesOut(t *testing.T) {
	got := override([]string{"A=1", "B=2", "C=3=3"}, map[string]string{"A": "x", "B": ""})
	if strings.Join(got, " ") != "C=3=3 A=x" {
		t.Errorf("got %q", got)
	}
}
