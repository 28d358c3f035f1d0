package app

import (
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// TestAStackSaysWhatItLeavesOut is about commands that the sentence of a stack has already.
func TestAStackSaysWhatItLeavesOut(t *testing.T) {
	for _, c := range []struct {
		said, asked string
		want        bool
	}{
		{"python leaves out unittest discover other (ci.yml)", "python -m unittest discover -s other", true},
		{"python leaves out unittest discover -p '*_spec.py' (ci.yml)", "python -m unittest discover -p '*_spec.py'", true},
		{"python leaves out pytest ${{ matrix.mark }} (ci.yml)", "pytest -q ${{ matrix.mark }}", true},
		{"python leaves out doctest m/a.py (ci.yml); a hint", "python -m doctest m/a.py", true},
		{"python leaves out doctest m/a.py (other.yml)", "python -m doctest m/a.py", false},
		{"python leaves out pytest -m slow (ci.yml)", "pytest -m quick", false},
		{"rust leaves out tool (ci.yml)", "make tool", false},
	} {
		call := pipelines.Call{Command: recipes.Commands(".", c.asked)[0], File: "ci.yml"}
		if got := isOmitted([]string{c.said}, call); got != c.want {
			t.Errorf("%q after %q: got %t", c.asked, c.said, got)
		}
	}
}
