package sdk

import (
	"reflect"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestBuilderKeepsStepsAndTargetsTogether(t *testing.T) {
	b := NewBuilder("elixir", "Mix project")
	b.Add("test", "test", plan.Step{Op: plan.OpExec, Argv: []string{"mix", "test"}})
	b.Add("test", "test", plan.Step{Op: plan.OpExec, Argv: []string{"mix", "test", "--cover"}})
	b.Append("check", "test", "test")
	b.ExplainAbsent(map[string]string{"test": "there are no tests", "run": "nothing can be started"})
	if !b.Match || b.Stack != "elixir" || b.Summary != "Mix project" {
		t.Errorf("got %+v", b.Plan)
	}
	if got := b.Steps["test"].Argv; !slices.Equal(got, []string{"mix", "test", "--cover"}) {
		t.Errorf("the step is %q, wanted the last one added", got)
	}
	for _, target := range []string{"test", "check"} {
		if !b.Offers(target) || !slices.Equal(b.Targets[target], []string{"test"}) {
			t.Errorf("target %q has the steps %q", target, b.Targets[target])
		}
	}
	if want := map[string]plan.About{"run": {Why: "nothing can be started"}}; !reflect.DeepEqual(b.About, want) {
		t.Errorf("got %+v, wanted %+v", b.About, want)
	}
}

func TestUniqueIDIsOfNoStep(t *testing.T) {
	b := NewBuilder("", "")
	for _, c := range []struct{ text, want string }{
		{"build", "build"}, {"build", "build+"}, {"build", "build++"}, {" build@my app\t", "build@my-app"},
		{"build@my-app", "build@my-app+"},
	} {
		got := b.UniqueID(c.text)
		if got != c.want {
			t.Errorf("%q: got %q, wanted %q", c.text, got, c.want)
		}
		b.Add("build", got, plan.Step{Op: plan.OpExec, Argv: []string{"true"}})
	}
}

func TestDecisionsAreAddedOnce(t *testing.T) {
	var d Decisions
	for range 2 {
		d.Add("%s is left out", "api")
		d.Add("%s is left out", "web")
	}
	if want := []string{"api is left out", "web is left out"}; !slices.Equal(d, want) {
		t.Errorf("got %q, wanted %q", d, want)
	}
}

func TestFolderIDs(t *testing.T) {
	f := FolderIDs{}
	for _, c := range [][2]string{
		{".", ""}, {"my app", "my-app/"}, {"my-app", "my-app+/"}, {"my  app", "my-app++/"}, {"my app", "my-app/"}, {"a/b", "a/b/"},
	} {
		if got := f.Of(c[0]); got != c[1] {
			t.Errorf("Of(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}
