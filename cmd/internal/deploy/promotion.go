package deploy

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// What an environment has where project.toml does not say it.
const (
	defaultEnvironment = "dev"
	defaultTimeout     = 5 * time.Minute
	defaultKeep        = 10
)

// environment returns one with all defaults filled in.
func (e *Environments) environment(s stage, declared project.Environment) release.Environment {
	return release.Environment{
		Project: instanceName(e.Name), Name: s.name, Dir: e.Dir, Compose: declared.Compose,
		Profiles: declared.Profiles, EnvFiles: declared.EnvFiles,
		Backend: cmp.Or(declared.Backend, project.Backends[0]), Engine: declared.Engine,
		Registry: e.mirrorOf(declared),
		Replicas: declared.Replicas, Reload: declared.Reload, Down: declared.Down, Variables: declared.Variables,
		SecretFiles: e.secretFiles(),
		SecretNames: e.Config.SecretNames.Names(), Confirm: declared.Confirm == nil ||
			*declared.Confirm, Require: s.require,
		Timeout: cmp.Or(time.Duration(declared.Timeout)*time.Second, defaultTimeout),
		Monitor: time.Duration(declared.Monitor) * time.Second, Ignore: declared.Ignore,
		Verify: declared.Verify, Allow: declared.Allow, Strict: declared.Strict,
		Keep: cmp.Or(declared.Keep, defaultKeep),
	}
}

// secretFiles returns the files that [secrets] names, by the variables that the Compose files have for them.
func (e *Environments) secretFiles() map[string]string {
	var files map[string]string
	for name, from := range e.Config.Secrets {
		if from.File != "" {
			if files == nil {
				files = map[string]string{}
			}
			files[strings.Trim(variable(name), "_")] = from.File
		}
	}
	return files
}

// mirrorOf returns the registry that mirrors the releases of an environment; empty for none, and offline.
func (e *Environments) mirrorOf(declared project.Environment) string {
	if e.Offline || declared.Registry != nil && !*declared.Registry {
		return ""
	}
	return e.Config.Registry
}

// A stage is one environment in the promotion order, and the one that it takes releases from; empty for one
// that builds.
type stage struct{ name, require string }

// misplaced is an environment that has no place in the promotion order.
type misplaced struct{ name, reason, hint string }

// promotionOrder sorts environments. One that the convention names requires the next one below it, unless it
// says another; one that the convention does not name has to say which, since nothing else tells where it
// belongs.
func promotionOrder(declared map[string]project.Environment, known []string) (stages []stage, bad misplaced) {
	below, require := "", map[string]string{}
	for _, name := range known {
		if e, ok := declared[name]; ok {
			require[name] = cmp.Or(e.Require, below)
			below = name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if slices.Contains(known, name) {
			continue
		}
		if require[name] = declared[name].Require; require[name] == "" {
			return nil, misplaced{name, `environment "` + name + `" is not in the promotion order (` +
				strings.Join(known, ", ") + ") and requires none that is",
				`require = "dev" says in which one a release has to be healthy first`}
		}
	}
	return topologicalSort(require, known)
}

// topologicalSort puts each environment behind the one that it requires, or returns one that requires itself.
func topologicalSort(require map[string]string, known []string) (stages []stage, bad misplaced) {
	placed := map[string]bool{}
	var place func(name string, trail []string) bool
	place = func(name string, trail []string) bool {
		if i := slices.Index(trail, name); i >= 0 {
			bad = misplaced{name: name, reason: `environment "` + name + `" requires itself: ` +
				strings.Join(append(trail[i:], name), " → ")}
			return false
		}
		if next := require[name]; placed[name] || next != "" && !place(next, append(trail, name)) {
			return placed[name]
		}
		placed[name] = true
		stages = append(stages, stage{name, require[name]})
		return true
	}
	unknown := slices.DeleteFunc(slices.Sorted(maps.Keys(require)),
		func(name string) bool { return slices.Contains(known, name) })
	for _, name := range append(slices.Clone(known), unknown...) {
		if _, declared := require[name]; declared && !place(name, nil) {
			return nil, bad
		}
	}
	return stages, bad
}

var notInInstance = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^a-z0-9_-]+`) })

// instanceName returns the name by which engines know a project. One without any letter that engines take has a name
// of its own, too.
func instanceName(name string) string {
	if known := strings.Trim(notInInstance().ReplaceAllString(strings.ToLower(name), "-"), "-_"); known != "" {
		return known
	}
	sum := sha256.Sum256([]byte(name))
	return "project-" + hex.EncodeToString(sum[:4])
}
