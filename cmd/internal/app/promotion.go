package app

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/suggest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// What an environment has where project.toml does not say it.
const (
	defaultEnvironment = "dev"
	defaultTimeout     = 5 * time.Minute
	defaultKeep        = 10
)

// Environments are those of the project, the lowest first: the order of the convention, each behind the one that it requires. A
// project that declares none has dev.
func (p *Project) Environments() ([]release.Environment, error) {
	declared := p.Config.Environments
	if len(declared) == 0 {
		declared = map[string]project.Environment{defaultEnvironment: {}}
	}
	rungs, bad := promotionOrder(declared, p.convention.Environments)
	if bad.name != "" {
		return nil, p.Config.Fault([]string{"environments", bad.name}, bad.hint, "%s", bad.reason)
	}
	all := make([]release.Environment, len(rungs))
	for i, r := range rungs {
		all[i] = p.environment(r, declared[r.name])
	}
	return all, nil
}

// environment is one with all that is not said of it.
func (p *Project) environment(r stage, e project.Environment) release.Environment {
	return release.Environment{
		Project: instanceName(p.Name), Name: r.name, Dir: p.Root.Dir, Compose: e.Compose, Profiles: e.Profiles, EnvFiles: e.EnvFiles,
		Engine: e.Engine, Registry: p.mirrorOf(e), Replicas: e.Replicas, Variables: e.Variables, Confirm: e.Confirm == nil || *e.Confirm, Require: r.require,
		Timeout: cmp.Or(time.Duration(e.Timeout)*time.Second, defaultTimeout), Ignore: e.Ignore, Verify: e.Verify,
		Keep: cmp.Or(e.Keep, defaultKeep),
	}
}

// mirrorOf is the registry that keeps the releases of an environment too; empty for none, and offline.
func (p *Project) mirrorOf(e project.Environment) string {
	if p.Offline || e.Registry != nil && !*e.Registry {
		return ""
	}
	return p.Config.Registry
}

// stage is one environment on the ladder, and the one that it takes releases from; empty for one that builds.
type stage struct{ name, require string }

// misplaced is an environment that has no place on the ladder.
type misplaced struct{ name, reason, hint string }

// promotionOrder puts environments in order. One that the convention names requires the next one below it, unless it says another; one that
// it does not name says which, since nothing else tells where it stands.
func promotionOrder(declared map[string]project.Environment, known []string) (rungs []stage, bad misplaced) {
	below, require := "", map[string]string{}
	for _, name := range known {
		if e, ok := declared[name]; ok {
			require[name] = cmp.Or(e.Require, below)
			below = name
		}
	}
	for _, name := range sorted(declared) {
		if slices.Contains(known, name) {
			continue
		}
		if require[name] = declared[name].Require; require[name] == "" {
			return nil, misplaced{name, "environment \"" + name + "\" is not on the ladder (" + strings.Join(known, ", ") + ") and requires none that is",
				`require = "dev" says which one a release has to stand healthy in first`}
		}
	}
	return topologicalSort(require, known)
}

// topologicalSort puts each environment behind the one that it requires, and says which one goes in a circle.
func topologicalSort(require map[string]string, known []string) (rungs []stage, bad misplaced) {
	placed := map[string]bool{}
	var place func(name string, trail []string) bool
	place = func(name string, trail []string) bool {
		if i := slices.Index(trail, name); i >= 0 {
			bad = misplaced{name: name, reason: "environment \"" + name + "\" requires itself: " + strings.Join(append(trail[i:], name), " → ")}
			return false
		}
		if next := require[name]; placed[name] || next != "" && !place(next, append(trail, name)) {
			return placed[name]
		}
		placed[name] = true
		rungs = append(rungs, stage{name, require[name]})
		return true
	}
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(require)), func(name string) bool { return slices.Contains(known, name) })
	for _, name := range append(slices.Clone(known), others...) {
		if _, declared := require[name]; declared && !place(name, nil) {
			return nil, bad
		}
	}
	return rungs, bad
}

// inCommon are sentences about what an environment does not have for itself, where another one of the project is on its engine.
func (p *Project) inCommon(e release.Environment, shared []string) (all []string) {
	others, _ := p.Environments() // they have been read before
	others = slices.DeleteFunc(others, func(o release.Environment) bool { return o.Name == e.Name || o.Engine != e.Engine })
	if len(others) == 0 {
		return nil
	}
	for _, text := range shared {
		all = append(all, text+": "+others[0].Name+" is on the same engine, and may have that in common with "+e.Name)
	}
	return all
}

// Environment is the one of a name.
func (p *Project) Environment(name string) (release.Environment, error) {
	all, err := p.Environments()
	if err != nil {
		return release.Environment{}, err
	}
	var names []string
	for _, e := range all {
		if e.Name == name {
			return e, nil
		}
		names = append(names, e.Name)
	}
	if name == "" {
		return release.Environment{}, usage("davit env shows them", "which environment? There is %s", strings.Join(names, ", "))
	}
	hint := "[environments." + name + "] in project.toml adds one"
	if near := suggest.Nearest(name, names); len(near) > 0 {
		hint = "did you mean " + quoted(near) + "?"
	}
	return release.Environment{}, usage(hint, "there is no environment %q; there is %s", name, strings.Join(names, ", "))
}

var notInInstance = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9_-]+`) })

// instanceName is what engines call a project by.
func instanceName(name string) string {
	return cmp.Or(strings.Trim(notInInstance().ReplaceAllString(strings.ToLower(name), "-"), "-_"), "project")
}
