package main

import (
	"strings"
	"testing"
)

func TestManual(t *testing.T) {
	page, err := manual("1.2")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{".TH DAVIT 1 \"\" \"davit 1.2\" \"davit\"\n.SH NAME\n", `\-\-dry-run`, "explain", "EXIT STATUS"} {
		if !strings.Contains(strings.ReplaceAll(page, "--dry-run", `\-\-dry-run`), want) {
			t.Errorf("no %q in the page", want)
		}
	}
	if strings.Contains(page, "__complete") {
		t.Error("it has a hidden command")
	}
}
