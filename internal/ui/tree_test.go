package ui

import (
	"slices"
	"testing"
)

func TestBranches(t *testing.T) {
	want := []string{"", "├─ ", "│  ├─ ", "│  └─ ", "│     └─ ", "└─ ", "   └─ "}
	if got := Branches([]int{0, 1, 2, 2, 3, 1, 2}); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
