package node

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

func TestArgumentsOfScriptsThatLeadOut(t *testing.T) {
	for script, want := range map[string][]string{
		"node ../tools/x.js":                   {"../tools"},
		"tsc --project=../shared":              {"../shared"},
		"cd client && cp -r dist ../server":    {"../server"}, // it may have been in parentheses
		"cd client && node ../tool.js":         nil,
		"cd ../api && npm test":                {"../api"},
		"go test ./...":                        nil,
		"eslint src ./../lint/*.js /etc/hosts": {"../lint"},
		"prettier --check '**/*.js'":           nil,
	} {
		var o sdk.Outside
		m := &manifest{Dir: ".", Scripts: map[string]string{"x": script}}
		outside{&o, nil}.addScripts(m)
		p := &plan.Plan{}
		if o.Apply(p); !slices.Equal(p.DependsOn, want) || p.Decisions != nil {
			t.Errorf("%s: got %q, %q, wanted %q", script, p.DependsOn, p.Decisions, want)
		}
	}
}

func TestScriptsThatLeaveTheProject(t *testing.T) {
	for _, script := range []string{"cd .. && make", "eslint ../..", "node ../$TOOL"} {
		var o sdk.Outside
		m := &manifest{Dir: ".", Scripts: map[string]string{"x": script}}
		outside{&o, nil}.addScripts(m)
		p := &plan.Plan{}
		if o.Apply(p); len(p.Decisions) != 1 {
			t.Errorf("%s: got %q", script, p.Decisions)
		}
	}
}

func TestLinkedPackagesOfALockfile(t *testing.T) {
	got := linkedPackages(`{"lockfileVersion": 3, "packages": {"": {"name": "x"},
		"../ext": {"version": "1.0.0", "dependencies": {"other": "file:../other"}},
		"../ext/node_modules/ms": {}, "node_modules/ext": {"resolved": "../ext", "link": true}, "../late": {}}}`)
	if len(got) != 1 || got["../ext"]["other"] != "file:../other" {
		t.Errorf("got %v", got)
	}
	for _, text := range []string{"", "{", `{"packages": []}`, `{"packages": {"../x": 1}}`, `[]`} {
		if got := linkedPackages(text); len(got) != 0 {
			t.Errorf("%s: got %v", text, got)
		}
	}
}
