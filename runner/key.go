package runner

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/userconfig"
	"github.com/davit-dev/davit/plugins/plan"
)

// fingerprint takes the fingerprint of a step. The steps that it needs have ended, since they make some of
// its inputs.
func (c *Cache) fingerprint(ctx context.Context, s Step) (fingerprint, error) {
	p := s.Plan
	f := fingerprint{
		System: runtime.GOOS + "/" + runtime.GOARCH, Op: p.Op, Argv: p.Argv, Script: p.Script,
		Args: s.Args, Dir: p.Dir, Path: p.Path,
		Tool: strings.TrimSpace(s.ToolName + " " + c.version(ctx, s)), Env: c.env(s), Secret: secrets(s),
		Made: s.outputs(), Needs: map[string]string{}, Inputs: map[string]string{},
	}
	if format, args := s.Counting(); format != "" {
		f.Counting = append([]string{format}, args...)
	}
	if err := c.addFiles(ctx, s, &f); err != nil {
		return fingerprint{}, err
	}
	var err error
	for _, need := range p.Needs {
		if f.Needs[need], err = c.needKey(ctx, need); err != nil {
			return fingerprint{}, err
		}
	}
	return f, nil
}

// version returns the version of the tool of a step. One that needs an environment is asked for again, since before
// the environment was made another one came first on PATH.
func (c *Cache) version(ctx context.Context, s Step) string {
	inEnvironment := slices.ContainsFunc(s.Plan.Needs, func(id string) bool { return c.steps[id].provides() != nil })
	if s.Where == InContainer || c.o.Version == nil || !inEnvironment {
		return c.versions[s.ID]
	}
	return c.o.Version(ctx, s)
}

// addFiles adds what a step depends on besides its plan. A step in a container sees files of the project and
// declared variables, and nothing else.
func (c *Cache) addFiles(ctx context.Context, s Step, f *fingerprint) error {
	v, err := c.files.now(ctx)
	if err != nil {
		return err
	}
	if s.Where == InContainer {
		f.Where = s.Where
	}
	if s.Plan.Op == plan.OpImage && c.o.Images != nil {
		if known, err := c.addImage(ctx, s, v, f); known || err != nil {
			return err
		}
	}
	in := &inputReader{Cache: c, view: v, step: s, f: f}
	if s.Where == InContainer {
		return in.container()
	}
	if s.provides() != nil {
		c.addProvidedVariables(s, f)
	} else {
		f.Caller = c.callerVariables(s)
	}
	if c.o.Programs != nil {
		f.Programs = c.o.Programs(s)
	}
	return in.host(ctx)
}

// env returns hashes of the variables that the step declares. Those of a step in a container are the same on
// every machine.
func (c *Cache) env(s Step) map[string]string {
	env := map[string]string{}
	for name, value := range s.Plan.Env {
		env[name] = hashed(value)
	}
	for _, name := range s.Plan.PassEnv {
		if _, own := s.Plan.Env[name]; !own && !s.UserConfig.Passes(name) {
			env[name] = c.passed(s, name)
		}
	}
	for name, value := range s.Variables {
		env[name] = c.counted(s, name, value)
	}
	return env
}

func (c *Cache) passed(s Step, name string) string {
	value, set := environ.Lookup(c.o.Env, name)
	if !set {
		return "unset"
	}
	return c.counted(s, name, value)
}

// counted returns what a key has of the value of a variable.
func (c *Cache) counted(s Step, name, value string) string {
	switch {
	case IsCredential(name):
		return "set"
	case s.Where == InContainer:
		return hashed(userconfig.WithoutUser(value))
	}
	return countedValue(name, value, hmac.New(sha256.New, c.store.Secret()))
}

// secrets returns the ids of the secrets of a step, by the variable, and those of the user's configuration.
func secrets(s Step) map[string]string {
	named := map[string]string{}
	for _, secret := range s.Plan.Secrets {
		named[secret.Env+secret.File] = secret.ID
	}
	s.UserConfig.count(named)
	return named
}

func hashed(value string) string { return cache.Key("env", value)[:16] }

// addImage adds the files and the other properties of an image, and reports whether all are known. They are
// not if one of the files is not in the project.
func (c *Cache) addImage(ctx context.Context, s Step, v *view, f *fingerprint) (known bool, err error) {
	all, err := c.o.Images.ImageInputs(ctx, s)
	if err != nil || all == nil {
		return false, err
	}
	sums, err := c.files.hash(v, all.Files)
	if err != nil || len(sums) < len(all.Files) {
		return false, err
	}
	for name, sum := range sums {
		f.Inputs[name] = f.sum(sum)
	}
	f.Image, f.files = all.Properties, all.Files
	c.mu.Lock()
	defer c.mu.Unlock()
	c.knownImages[s.ID] = true
	return true, nil
}

// needKey returns what the key of a step holds for a step that it needs: its key, and what it made.
func (c *Cache) needKey(ctx context.Context, id string) (string, error) {
	c.mu.Lock()
	key, made := c.keys[id], c.made[id]
	c.mu.Unlock()
	s := c.steps[id]
	if s.provides() != nil {
		stamp, err := c.stampOf(ctx, s)
		return cache.Key(key, stamp), err
	}
	if made != "" || len(s.outputs()) == 0 {
		return cache.Key(key, made), nil
	}
	found, err := c.describe(s.outputs())
	if err != nil {
		return "", err
	}
	return cache.Key(key, outputsDigest(found)), nil
}

func outputsDigest(outputs []output) string {
	sums := map[string]string{}
	for _, o := range outputs {
		sums[o.Path] = o.Sum
	}
	return digest(sums)
}

// doubt adds a reason why the result is not kept.
func (f *fingerprint) doubt(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(f.doubts, text) {
		f.doubts = append(f.doubts, text)
	}
}
