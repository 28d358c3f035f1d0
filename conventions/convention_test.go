package conventions

import (
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

// offer returns an offer of targets, each with one step of the same name; "lint?=why" is an absent target
// with its reason.
func offer(provider string, a Authority, targets ...string) Offer {
	p := &plan.Plan{API: plan.API, Match: true, Targets: map[string][]string{},
		About: map[string]plan.About{}}
	for _, name := range targets {
		if name, why, absent := strings.Cut(name, "?="); absent {
			p.About[name] = plan.About{Why: why}
		} else {
			p.Targets[name] = []string{name}
		}
	}
	return Offer{Provider: provider, Authority: a, Plan: p}
}

// including returns the offer with the targets that one of its targets runs by itself.
func including(o Offer, target string, included ...string) Offer {
	o.Plan.About[target] = plan.About{Includes: included}
	return o
}

func TestExpand(t *testing.T) {
	goStack := offer("go", Inferred, "build", "style", "test-unit", "test-integration")
	node := offer("node", Inferred, "build", "test", "test-unit", "gen")
	for name, c := range map[string]struct {
		offers  []Offer
		target  string
		want    string
		skipped string
	}{
		"parts of one stack": {[]Offer{goStack}, "test", "go:test-unit go:test-integration",
			"test-functional"},
		"two stacks": {[]Offer{node, goStack}, "build", "go:build node:build", ""},
		"a whole stack and parts": {[]Offer{node, goStack}, "test",
			"node:test go:test-unit go:test-integration", ""},
		"the project's word": {[]Offer{offer("make", Explicit, "test"), goStack}, "test",
			"make:test", ""},
		"a part beside the word": {[]Offer{offer("make", Explicit, "test"), goStack}, "test-unit",
			"go:test-unit", ""},
		"explicit part": {[]Offer{offer("make", Explicit, "test-unit"), goStack}, "test",
			"make:test-unit go:test-integration", "test-functional"},
		"an alias of a provider": {[]Offer{offer("make", Explicit, "lint"), goStack}, "style",
			"make:lint", ""},
		"an alias of the user": {[]Offer{goStack}, "lint", "go:style", ""},
		"the project's own, not an alias": {[]Offer{offer("make", Explicit, "lint", "style")}, "lint",
			"make:lint", ""},
		"project beats explicit": {[]Offer{offer("make", Explicit, "build"),
			offer("project", Project, "build")}, "build", "project:build", ""},
		"own target": {[]Offer{node}, "gen", "node:gen", ""},
		"aggregate of aggregates": {[]Offer{goStack}, "check", "go:style go:test-unit go:test-integration",
			"complexity security-sast security-dependency-scan test-functional"},
		"absent": {[]Offer{goStack}, "package", "", ""},
		"the project's own check is a part": {[]Offer{offer("make", Explicit, "check"), goStack}, "check",
			"make:check go:style go:test-unit go:test-integration",
			"complexity security-sast security-dependency-scan test-functional"},
		"what it runs is not run again": {[]Offer{including(offer("make", Explicit, "check", "lint", "test"),
			"check", "lint", "test"), goStack}, "check", "make:check",
			"complexity security-sast security-dependency-scan"},
		"a stack's own check is a part": {[]Offer{including(offer("node", Inferred, "check", "style", "build"),
			"check", "style")}, "check", "node:check", "complexity security-sast " +
			"security-dependency-scan test-unit test-functional test-integration"},
		"project.toml has the whole": {[]Offer{offer("project", Project, "check"), goStack}, "check",
			"project:check", ""},
		"one provider": {[]Offer{node, goStack}, "go:test", "go:test-unit go:test-integration", ""},
		"one provider that lost": {[]Offer{offer("make", Explicit, "test"), goStack}, "go:test",
			"go:test-unit go:test-integration", ""},
		"one provider, by an alias":   {[]Offer{goStack}, "go:lint", "go:style", ""},
		"one provider, absent":        {[]Offer{node, goStack}, "node:style", "", ""},
		"one provider, its own check": {[]Offer{offer("make", Explicit, "check", "style")}, "make:check", "make:check", ""},
		"a colon in a name":           {[]Offer{offer("node", Inferred, "go:gen"), goStack}, "go:gen", "node:go:gen", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := Gazr().Resolve(c.offers)
			target, ok := r.Find(c.target)
			if !ok {
				t.Fatalf("%q is not found", c.target)
			}
			uses, skips := r.Expand(target)
			var got, skipped []string
			for _, u := range uses {
				got = append(got, u.Provider+":"+u.As)
			}
			for _, s := range skips {
				skipped = append(skipped, s.Target)
			}
			if strings.Join(got, " ") != c.want || strings.Join(skipped, " ") != c.skipped {
				t.Errorf("got %v, skipped %v; want %v, skipped %v", got, skipped, c.want, c.skipped)
			}
		})
	}
}

func TestLosersAreExplained(t *testing.T) {
	r := Gazr().Resolve([]Offer{offer("go", Inferred, "build"), offer("make", Explicit, "build"),
		offer("just", Explicit, "build")})
	target, _ := r.Find("build")
	var why []string
	for _, l := range target.Losers {
		why = append(why, l.Provider+": "+l.Rejected)
	}
	want := []string{
		"make: just and make are both explicit, and just comes first by name; [plugins.just] off = true would choose this one",
		"go: just is explicit, which beats inferred",
	}
	if !slices.Equal(why, want) {
		t.Errorf("got %q\nwant %q", why, want)
	}
}

func TestDockerfileBeatsImagesOfStacks(t *testing.T) {
	docker := offer("docker", Inferred, "package", "style")
	docker.Plan.Steps = map[string]plan.Step{"package": {Op: plan.OpImage,
		Image: &plan.Image{Dockerfile: "Dockerfile"}}}
	stacks := []Offer{offer("go", Inferred, "package", "style"), docker, offer("api", Inferred, "package")}
	for _, c := range []struct {
		offers          []Offer
		target          string
		winners, losers string
	}{
		{stacks, "package", "docker",
			"api: docker makes it of Dockerfile, which beats what is inferred, go: docker makes it of Dockerfile, which beats what is inferred"},
		{stacks, "style", "docker go", ""},
		{append(stacks, offer("make", Explicit, "package")), "package", "make",
			"docker: make is explicit, which beats inferred, api: make is explicit, which beats inferred, go: make is explicit, which beats inferred"},
	} {
		target, _ := Gazr().Resolve(c.offers).Find(c.target)
		var winners, losers []string
		for _, w := range target.Winners {
			winners = append(winners, w.Provider)
		}
		for _, l := range target.Losers {
			losers = append(losers, l.Provider+": "+l.Rejected)
		}
		if strings.Join(winners, " ") != c.winners || strings.Join(losers, ", ") != c.losers {
			t.Errorf("%s: got %q, not %q", c.target, winners, losers)
		}
	}
}

func TestAbsentTargetsGiveTheReasonsOfTheProviders(t *testing.T) {
	r := Gazr().Resolve([]Offer{offer("go", Inferred, "complexity?=no linter is configured")})
	target, _ := r.Find("complexity")
	if got := target.AbsentBecause(); got != "go: no linter is configured" {
		t.Errorf("got %q", got)
	}
	target, _ = r.Find("build")
	if got := target.AbsentBecause(); got != "nothing in the project implies it" {
		t.Errorf("got %q", got)
	}
}

func TestGazrHasEveryTargetOfTheDesign(t *testing.T) {
	for _, name := range strings.Fields(
		"init run watch format clean style complexity test test-unit test-functional test-integration " +
			"security security-sast security-dependency-scan check build package publish deploy rollback upgrade") {
		if target, ok := Gazr().Target(name); !ok || target.Summary == "" || target.Group == "" {
			t.Errorf("target %q is %+v", name, target)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"[[targets]]\nname='a'\neffect='reads'\n[[targets]]\nname='b'\neffect='reads'\naliases=['a']": `the name "a" appears twice`,
		"[[targets]]\nname='a'\neffect='flies'":                                                       `effect is "flies"`,
		"[[targets]]\nname='a'\neffect='reads'\nall_of=['b']":                                         `"b" cannot be a part of it`,
		"[[targets]]\nname='a'\neffect='reads'\nall_of=['a']":                                         `"a" cannot be a part of it`,
		"[[targets]]\nname='a'\neffect='reads'\nallof=['b']":                                          `unknown key "allof"`,
	} {
		if _, err := Parse("c.toml", []byte(text), Load); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(gazr)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := Parse("c.toml", data, Load); err == nil {
			c.Resolve(nil)
		}
	})
}
