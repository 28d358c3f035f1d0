package conventions

import (
	"fmt"
	"strings"
	"testing"
)

const way = `name = "way"
version = "2"
extends = "gazr@1"
environments = ["dev", "production"]
require = ["security", "licences"]

[[targets]]
name = "licences"
group = "check"
summary = "Check the licences of dependencies"
effect = "reads"
aliases = ["licenses"]

[[targets]]
name = "check"
all_of = ["licences"]

[[targets]]
name = "handbook"
summary = "Write the handbook"
effect = "builds"
`

func TestATeamExtendsAConvention(t *testing.T) {
	c, err := Parse("convention.toml", []byte(way), Load)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, change := range Gazr().Diff(c) {
		got = append(got, fmt.Sprint(change.Kind, " ", change.Target, " ", change.Details))
	}
	want := []string{"changed  [environments: dev, production, before dev, qualification, staging, preproduction, production]",
		"added licences [Check the licences of dependencies effect: reads every project has to offer it new alias: licenses]",
		"changed security [every project has to offer it]", "changed check [new part: licences]",
		"added handbook [Write the handbook effect: builds]"}
	for _, line := range want {
		if !strings.Contains(strings.Join(got, "\n")+"\n", line+"\n") {
			t.Errorf("%q is not in %q", line, got)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %q", got)
	}
	if len(c.Diff(c)) > 0 {
		t.Errorf("it differs from itself: %v", c.Diff(c))
	}
	if changed, _ := Gazr().Target("check"); len(changed.AllOf) == len(must(c.Target("check")).AllOf) {
		t.Error("gazr itself is changed")
	}
}

func must(t Target, _ bool) Target { return t }

func TestAnExtensionIsRefused(t *testing.T) {
	head := "name='w'\nversion='1'\nextends='gazr@1'\n"
	var wide strings.Builder
	for i := range 30 {
		fmt.Fprintf(&wide, "[[targets]]\nname='a%d'\nsummary='s'\neffect='reads'\nall_of=['a%d','b%d']\n", i, i+1, i+1)
		fmt.Fprintf(&wide, "[[targets]]\nname='b%d'\nsummary='s'\neffect='reads'\nall_of=['a%d','b%d']\n", i, i+1, i+1)
	}
	for text, want := range map[string]string{
		"name='w'\nversion='1'\nextends='gazr@2'": `extends "gazr@2": this davit has gazr@1`,
		"name='w'\nversion='1'":                   "this one extends nothing",
		"":                                        "this one extends nothing",
		"extends='gazr@1'":                        "a convention has a name and a version",
		head + "require=['x']":                    `require: there is no target "x"`,
		head + "[[targets]]\nname='test'\neffect='writes'":                                                                                    `its effect is "reads", which can only get stricter, and not "writes"`,
		head + "[[targets]]\nname='test'\ngroup='ship'":                                                                                       `its group is "check"`,
		head + "[[targets]]\nname='run'\ncache=true":                                                                                          "its results are never reused",
		head + "[[targets]]\nname='explain'\nsummary='s'\neffect='reads'":                                                                     `"explain" cannot be the name of a target`,
		head + "[[targets]]\nname='x'\neffect='reads'":                                                                                        "it has no summary",
		head + "[[targets]]\nname='x'\nsummary='s'":                                                                                           `effect is ""`,
		head + "[[targets]]\nname='x'\nsummary='s'\neffect='reads'\naliases=['test']":                                                         `the name "test" appears twice`,
		head + "[[targets]]\nname='test'\neffect='reads'\n[[targets]]\nname='test'\naliases=['t']":                                            `the name "test" appears twice`,
		head + "[[targets]]\nname='test-unit'\nall_of=['check']":                                                                              `cannot be a part of it`,
		head + "[[targets]]\nname='x'\nsummary='s'\neffect='reads'\nall_of=['x']":                                                             `"x" cannot be a part of it`,
		head + wide.String() + "[[targets]]\nname='a30'\nsummary='s'\neffect='reads'\n[[targets]]\nname='b30'\nsummary='s'\neffect='reads'\n": "cannot be a part of it",
	} {
		if _, err := Parse("convention.toml", []byte(text), Load); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: got %v, want %s", text, err, want)
		}
	}
}
