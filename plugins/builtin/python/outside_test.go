package python

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// outsideOf returns what is recorded outside of a project by a function.
func outsideOf(record func(outside)) *plan.Plan {
	var o sdk.Outside
	record(outside{&o, &project{dir: "."}})
	p := &plan.Plan{Steps: map[string]plan.Step{"test": {Op: plan.OpExec}}}
	o.Apply(p)
	return p
}

func TestRequirementsOutside(t *testing.T) {
	for line, want := range map[string]struct {
		folder, setting string
		untracked       bool
	}{
		"-e ../lib  # beside us":        {folder: "../lib"},
		"--editable=../lib[extra]":      {folder: "../lib"},
		"../lib ; python_version > '3'": {folder: "../lib"},
		"lib @ file:../lib":             {folder: "../lib"},
		"-r ../base.txt":                {setting: "../base.txt"},
		"-c ../../constraints.txt":      {setting: "../constraints.txt"},
		"../wheels/x-1.0-py3-none.whl":  {setting: "../wheels/x-1.0-py3-none.whl"},
		"--find-links ../wheels":        {folder: "../wheels"},
		"lib @ file:///src/lib":         {untracked: true},
		"-e $LIB/x":                     {untracked: true},
		"/src/lib":                      {untracked: true},
		"-e lib":                        {},
		"-r https://example.com/x.txt":  {},
		"lib @ https://example.com/x":   {},
		"--index-url /x":                {},
		"# ../lib":                      {},
		"requests==2.0":                 {},
	} {
		p := outsideOf(func(o outside) { o.addRequirements("requirements.txt", line) })
		check(t, line, p, want.folder, want.setting, want.untracked)
	}
}

func TestValuesOutside(t *testing.T) {
	for value, want := range map[string]struct {
		folder, setting string
		untracked       bool
	}{
		"../lib":                      {folder: "../lib"},
		"../members/*":                {folder: "../members"},
		"../ruff.toml":                {setting: "../ruff.toml"},
		"-q --cov-config=../cov.toml": {setting: "../cov.toml"},
		"lib @ {root:uri}/../lib":     {folder: "../lib"},
		"lib @ {root:parent:uri}/lib": {untracked: true},
		"src":                         {},
		"/usr/lib":                    {}, // of the system
		"requests>=2":                 {},
	} {
		p := outsideOf(func(o outside) { o.addValue("pyproject.toml", "", value) })
		check(t, value, p, want.folder, want.setting, want.untracked)
	}
	p := outsideOf(func(o outside) { o.addValue("pyproject.toml", "path", "/src/lib") })
	check(t, "path", p, "", "", true)
}

func check(t *testing.T, name string, p *plan.Plan, folder, setting string, untracked bool) {
	t.Helper()
	list := func(s string) []string { return slices.DeleteFunc([]string{s}, func(s string) bool { return s == "" }) }
	if !slices.Equal(p.DependsOn, list(folder)) || !slices.Equal(p.Steps["test"].Settings, list(setting)) ||
		p.Steps["test"].NoCache != untracked {
		t.Errorf("%s: got %q, %q, %q", name, p.DependsOn, p.Steps["test"].Settings, p.Decisions)
	}
}
