package sdk

import (
	"path"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestOutsideFollowsRelativePaths(t *testing.T) {
	for _, c := range []struct{ dir, to, inside, outside string }{
		{".", "../lib", "", "../lib"}, {"api", "../lib", "lib", ""}, {"api", "../../lib", "", "../lib"},
		{".", "./third/lib", "third/lib", ""}, {".", "..", "", ".."}, {"a/b", "../..", ".", ""},
		{".", "../../x/../y", "", "../../y"}, {"..lib", "x", "..lib/x", ""},
	} {
		var o Outside
		got := o.Folder(c.dir, c.to, "it names it")
		p := &plan.Plan{}
		o.Apply(p)
		if got != c.inside || c.outside == "" && p.DependsOn != nil ||
			c.outside != "" && !slices.Equal(p.DependsOn, []string{c.outside}) || p.Decisions != nil {
			t.Errorf("%q from %q: got %q and %q, %q", c.to, c.dir, got, p.DependsOn, p.Decisions)
		}
	}
}

func TestOutsideKeepsNoResultOfWhatItCannotFollow(t *testing.T) {
	for _, to := range []string{"/src/x", `C:\x`, "C:/x", "~/x", "$LIB/x", "%LIB%/x", `..\x`, ""} {
		var o Outside
		if got := o.Folder(".", to, "go.mod replaces x by "+to); got != "" {
			t.Errorf("%q: got %q", to, got)
		}
		p := &plan.Plan{Steps: map[string]plan.Step{"build": {Op: plan.OpExec}}}
		o.Apply(p)
		want := "results are not kept: go.mod replaces x by " + to + ", which davit does not follow"
		if !p.Steps["build"].NoCache || !slices.Equal(p.Decisions, []string{want}) {
			t.Errorf("%q: got %+v", to, p)
		}
	}
}

func TestFilesOutsideAreSettings(t *testing.T) {
	var o Outside
	o.File("api", "../../common/base.txt", "requirements.txt names it")
	o.File(".", "../../../rules.mk", "Makefile names it")
	p := &plan.Plan{Steps: map[string]plan.Step{"test": {Op: plan.OpExec}, "image": {Op: plan.OpImage}}}
	o.Apply(p)
	if got := p.Steps["test"].Settings; !slices.Equal(got, []string{"../rules.mk", "../common/base.txt"}) {
		t.Errorf("got %q", got)
	}
	if got := p.Steps["image"].Settings; got != nil {
		t.Errorf("an image got %q", got)
	}
}

func FuzzOutsideIsValidInPlans(f *testing.F) {
	f.Add(".", "../lib")
	f.Add("api", "../../..")
	f.Add(".", "../a/../../.b")
	f.Add("..x", ".. /x\xff")
	f.Fuzz(func(t *testing.T, dir, to string) {
		dir = path.Join(".", dir)
		if leadsOut(dir) || path.IsAbs(dir) {
			return // a plugin has only folders of its project
		}
		var o Outside
		o.Folder(dir, to, "it names it")
		o.File(dir, to, "it names it")
		p := &plan.Plan{API: plan.API, Match: true, Steps: map[string]plan.Step{
			"build": {Op: plan.OpExec, Argv: []string{"make"}},
		}}
		o.Apply(p)
		if err := p.Validate(); err != nil {
			t.Errorf("%q from %q: %v", to, dir, err)
		}
	})
}
