package stack

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// What was configured in another way is not built on, and git ignores all that is built.
func TestABuildFolderIsMadeAnewForAnotherConfiguration(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no sh")
	}
	dir := t.TempDir()
	run := func(configure, variable string) {
		t.Helper()
		step := InTree("make", "true", configure, "echo 1 >>"+Tree+"/objects")
		cmd := exec.Command("sh", "-ec", step.Script)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "CFLAGS="+variable)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	for _, c := range []struct{ configure, variable, objects string }{
		{"true 'a b'", "", "1\n"}, {"true 'a b'", "", "1\n1\n"}, {"true c", "", "1\n"}, {"true c", "-g", "1\n"},
		{"true c", "-g", "1\n1\n"},
	} {
		run(c.configure, c.variable)
		if got, _ := os.ReadFile(filepath.Join(dir, Tree, "objects")); string(got) != c.objects {
			t.Errorf("%+v: got %q", c, got)
		}
	}
	if got, _ := os.ReadFile(filepath.Join(dir, Tree, ".gitignore")); string(got) != "*\n" {
		t.Errorf("git ignores %q", got)
	}
}

func TestDefinedByAPipeline(t *testing.T) {
	calls := []pipelines.Call{{Command: recipes.Command{Words: []string{"cmake", "-DA=ON", "-D", "B=OFF", "-DC:BOOL=1", "-DD=$X", "-DE"}}}}
	for name, want := range map[string]string{"A": "ON", "B": "OFF", "C": "1", "D": "", "E": "", "F": ""} {
		if got, ok := Defined(calls, name); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", name, got, ok)
		}
	}
	u := &Unit{repo: &repo{pipeline: &pipelines.Pipeline{Calls: calls}}, Dir: ""}
	words, left := u.Switches([]string{"A", "B", "D", "G"}, "on", []string{"cmake"}, []string{"G=ON"})
	if !slices.Equal(words, []string{"-DA=ON", "-DG=ON"}) || !slices.Equal(left, []string{"B", "D"}) {
		t.Errorf("got %q, and %q left", words, left)
	}
}
