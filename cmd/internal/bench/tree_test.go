package main

import (
	"go/parser"
	"go/token"
	"path"
	"strings"
	"testing"
)

func TestTreeHas300FilesOfGo(t *testing.T) {
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

func TestPausesNeedTheOneBefore(t *testing.T) {
	want := "[targets.pause1]\nrun = [\"pause\"]\neffect = \"reads\"\n[targets.pause2]\nrun = [\"pause\"]\neffect = \"reads\"\nneeds = [\"pause1\"]\n"
	if got := pauses(2); got != want {
		t.Errorf("got\n%s", got)
	}
}

func TestOverrideReplacesAndRemoves(t *testing.T) {
	got := override([]string{"A=1", "B=2", "C=3=3"}, map[string]string{"A": "x", "B": ""})
	if strings.Join(got, " ") != "C=3=3 A=x" {
		t.Errorf("got %q", got)
	}
}
