package environ

import (
	"slices"
	"testing"
)

func TestTheLastOfTwoCounts(t *testing.T) {
	env := []string{"A=1", "B=", "A=2", "odd"}
	for name, want := range map[string]string{"A": "2", "B": "", "C": ""} {
		if got := Get(env, name); got != want {
			t.Errorf("%s is %q, wanted %q", name, got, want)
		}
	}
	if _, set := Lookup(env, "B"); !set {
		t.Error("B, which is empty, is not set")
	}
	if _, set := Lookup(env, "odd"); set {
		t.Error("odd is set")
	}
}

func TestJoinReplaces(t *testing.T) {
	env := []string{"A=1", "B=2", "A=3"}
	if got, want := Join(env, "A=4", "C=5"), []string{"B=2", "A=4", "C=5"}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
	if !slices.Equal(env, []string{"A=1", "B=2", "A=3"}) {
		t.Errorf("the list was changed: %q", env)
	}
}
