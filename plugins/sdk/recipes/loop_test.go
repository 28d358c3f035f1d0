package recipes

import (
	"slices"
	"strings"
	"testing"
)

func TestUnrolled(t *testing.T) {
	for script, want := range map[string][]string{
		"for d in a b; do make -C $d; done": {"for d in a b; do make -C a; done", "for d in a b; do make -C b; done"},
		"for d in a b; do x $$d; done":      {"for d in a b; do x a; done", "for d in a b; do x b; done"},
		"for f in 1 2 3; do x $f; done\nfor f in 4 5; do y $f; done; z $f": {"for f in 1 2 3; do x 1; done\nfor f in 4 5; do y 4; done; z $f",
			"for f in 1 2 3; do x 2; done\nfor f in 4 5; do y 5; done; z $f", "for f in 1 2 3; do x 3; done\nfor f in 4 5; do y 5; done; z $f"},
		"for a in 1 2; do\n  for b in x y; do\n    f $a $b\n  done\n  echo done\ndone\ng $a": {"for a in 1 2; do\n  for b in x y; do\n    f 1 x\n  done\n  echo done\ndone\ng $a",
			"for a in 1 2; do\n  for b in x y; do\n    f 2 y\n  done\n  echo done\ndone\ng $a"},
		"for t in 'a b; c' d; do x $t; done": {"for t in 'a b; c' d; do x a b; c; done", "for t in 'a b; c' d; do x d; done"},
		"for t in \"it's\" b; do x $t; done": {"for t in \"it's\" b; do x $t; done"},
		"for t in \"$a\" b; do x; done":      {"for t in \"$a\" b; do x; done"},
		"for f in *.go; do x $f; done":       {"for f in *.go; do x $f; done"},
		"wait for it; do x":                  {"wait for it; do x"},
		"for d in a; do x $d":                {"for d in a; do x a"},
	} {
		if got := unrolled(script); !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s", script, strings.Join(got, "\n--\n"))
		}
	}
}
