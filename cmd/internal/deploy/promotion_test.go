package deploy

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/project"
)

func TestPromotionOrder(t *testing.T) {
	known := []string{"dev", "staging", "production"}
	for text, want := range map[string]string{
		"production staging dev":     "dev staging<dev production<staging",
		"production":                 "production",
		"production dev":             "dev production<dev",
		"dev preview<dev":            "dev preview<dev",
		"dev staging<uat uat<dev":    "dev uat<dev staging<uat",
		"dev staging production<dev": "dev staging<dev production<dev",
		"dev a<b b<dev":              "dev b<dev a<b",
		"dev preview":                `preview: environment "preview" is not in the promotion order (dev, staging, production)`,
		"dev<staging staging":        `dev: environment "dev" requires itself: dev → staging → dev`,
		"dev a<a":                    `a: environment "a" requires itself: a → a`,
	} {
		declared := map[string]project.Environment{}
		for _, word := range strings.Fields(text) {
			name, require, _ := strings.Cut(word, "<")
			declared[name] = project.Environment{Require: require}
		}
		stages, bad := promotionOrder(declared, known)
		if got := written(stages, bad); !strings.HasPrefix(got, want) || bad.name == "" && got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func written(stages []stage, bad misplaced) string {
	if bad.name != "" {
		return bad.name + ": " + bad.reason
	}
	var words []string
	for _, r := range stages {
		if r.require != "" {
			r.name += "<" + r.require
		}
		words = append(words, r.name)
	}
	return strings.Join(words, " ")
}

func TestMirrorOf(t *testing.T) {
	no, yes := false, true
	e := New(Options{Config: &project.Project{Registry: "r/t"}})
	for i, test := range []struct {
		e       project.Environment
		offline bool
		want    string
	}{{want: "r/t"}, {e: project.Environment{Registry: &yes}, want: "r/t"},
		{e: project.Environment{Registry: &no}}, {offline: true}} {
		e.Offline = test.offline
		if got := e.mirrorOf(test.e); got != test.want {
			t.Errorf("%d: releases are kept in %q, wanted %q", i, got, test.want)
		}
	}
}

func TestInstanceName(t *testing.T) {
	for name, want := range map[string]string{"shop": "shop", "My Shop!": "my-shop", "-x_": "x",
		"日本": "project-cf2abf0c", "a_b-c": "a_b-c"} {
		if got := instanceName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
