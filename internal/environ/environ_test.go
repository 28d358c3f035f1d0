package environ

import (
	"os"
	"os/exec"
	"slices"
	"strings"
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

func TestJoinNamesEachVariableOnce(t *testing.T) {
	env := []string{"A=1", "B=1", "A=2", `=C:=C:\x`, `=D:=D:\x`}
	if got, want := Join(env, "C=3", "B="), []string{"A=2", `=C:=C:\x`, `=D:=D:\x`, "C=3",
		"B="}; !slices.Equal(got, want) {
		t.Errorf("got %q, wanted %q", got, want)
	}
}

func TestPairsAreSorted(t *testing.T) {
	if got := Pairs(map[string]string{"B": "2", "A": "1"}); !slices.Equal(got, []string{"A=1", "B=2"}) {
		t.Errorf("got %q", got)
	}
}

// What a process is given decides, so the rule must be the one of os/exec.
func TestAProcessSeesTheSame(t *testing.T) {
	if os.Getenv("ENVIRON_TEST") != "" {
		os.Stdout.WriteString("A is " + os.Getenv("A") + "\n")
		return
	}
	env := append(os.Environ(), "ENVIRON_TEST=1", "A=1", "A=2")
	for _, list := range [][]string{env, Join(env)} {
		cmd := exec.Command(os.Args[0], "-test.run=TestAProcessSeesTheSame")
		cmd.Env = list
		out, err := cmd.Output()
		if err != nil || !strings.HasPrefix(string(out), "A is "+Get(env, "A")+"\n") {
			t.Errorf("got %q (%v)", out, err)
		}
	}
}
