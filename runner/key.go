package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// A fingerprint is everything that the result of a step depends on.
type fingerprint struct {
	System string            `json:"system"`
	Op     plan.Op           `json:"op"`
	Where  Where             `json:"where,omitempty"` // empty for the host
	Argv   []string          `json:"argv,omitempty"`
	Script string            `json:"script,omitempty"`
	Args   []string          `json:"args,omitempty"`
	Dir    string            `json:"dir,omitempty"`
	Path   []string          `json:"path,omitempty"`
	Tool   string            `json:"tool,omitempty"`
	Env    map[string]string `json:"env,omitempty"`    // hashes, since values may be secrets
	Secret map[string]string `json:"secret,omitempty"` // ids by variable; never a value
	Made   []string          `json:"made,omitempty"`   // the paths of outputs and of the stamp
	Image  map[string]string `json:"image,omitempty"`  // properties of an image
	Needs  map[string]string `json:"needs,omitempty"`
	Inputs map[string]string `json:"inputs,omitempty"`
}

// keyVersion changes when results of older versions must not be reused.
const keyVersion = "step 1"

// key returns the key of a fingerprint. The inputs, which may be many, are not encoded as JSON.
func (f fingerprint) key() string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(f.Inputs)) {
		fmt.Fprintf(h, "%s\x00%s\n", name, f.Inputs[name])
	}
	f.Inputs = nil
	rest, _ := json.Marshal(f) // strings alone cannot fail
	return cache.Key(keyVersion, string(rest), hex.EncodeToString(h.Sum(nil)))
}

// fingerprint takes the fingerprint of a step. The steps that it needs have ended, since they make some of
// its inputs.
func (c *Cache) fingerprint(ctx context.Context, s Step) (fingerprint, error) {
	inputs, image, err := c.inputs(ctx, s)
	if err != nil {
		return fingerprint{}, err
	}
	p := s.Plan
	f := fingerprint{
		System: runtime.GOOS + "/" + runtime.GOARCH, Op: p.Op, Argv: p.Argv, Script: p.Script,
		Args: s.Args, Dir: p.Dir, Path: p.Path,
		Tool: strings.TrimSpace(s.ToolName + " " + c.versions[s.ID]), Env: c.env(p), Secret: secrets(p),
		Made:  s.outputs(),
		Needs: map[string]string{}, Image: image, Inputs: inputs,
	}
	if s.stamp() != "" {
		f.Made = append(slices.Clone(s.outputs()), s.stamp())
	}
	if s.Where == InContainer {
		f.Where = s.Where
	}
	for _, need := range p.Needs {
		if f.Needs[need], err = c.needKey(need); err != nil {
			return fingerprint{}, err
		}
	}
	return f, nil
}

// env returns hashes of the variables that the step declares.
func (c *Cache) env(p plan.Step) map[string]string {
	env := map[string]string{}
	for name, value := range p.Env {
		env[name] = hashed(value)
	}
	for _, name := range p.PassEnv {
		if _, own := p.Env[name]; !own {
			env[name] = "unset"
			if value, set := environ.Lookup(c.o.Env, name); set {
				env[name] = hashed(value)
			}
		}
	}
	return env
}

// secrets returns the ids of the secrets of a step, by the variable.
func secrets(p plan.Step) map[string]string {
	named := map[string]string{}
	for _, s := range p.Secrets {
		named[s.Env+s.File] = s.ID
	}
	return named
}

func hashed(value string) string { return cache.Key("env", value)[:16] }

// inputs returns the sums of the files that decide the result, by path, and for an image its other
// properties.
func (c *Cache) inputs(ctx context.Context, s Step) (inputs, image map[string]string, err error) {
	v, err := c.files.now(ctx)
	if err != nil {
		return nil, nil, err
	}
	if s.Plan.Op == plan.OpImage && c.o.Images != nil {
		if inputs, image, err = c.imageInputs(ctx, s, v); image != nil || err != nil {
			return inputs, image, err
		}
	}
	inputs, err = c.sums(v, inputNames(s, c.madePaths, v.names))
	return inputs, nil, err
}

// imageInputs returns the inputs of an image. They are not known if one of the files is not in the project.
func (c *Cache) imageInputs(
	ctx context.Context, s Step, v *view,
) (inputs, image map[string]string, err error) {
	all, err := c.o.Images.ImageInputs(ctx, s)
	if err != nil || all == nil {
		return nil, nil, err
	}
	if inputs, err = c.sums(v, all.Files); err != nil || len(inputs) < len(all.Files) {
		return nil, nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.knownImages[s.ID] = true
	return inputs, all.Properties, nil
}

func (c *Cache) sums(v *view, names []string) (map[string]string, error) {
	sums, err := c.files.hash(v, names)
	if err != nil {
		return nil, err
	}
	inputs := make(map[string]string, len(sums))
	for name, sum := range sums {
		inputs[name] = sum.String()
	}
	return inputs, nil
}

// inputNames returns the files that the step reads. What the step makes is not among them. If it does not say
// what it reads, what any step makes is left out, since the keys of the steps that it needs stand for that.
func inputNames(s Step, all, names []string) []string {
	globs, made := s.Plan.Inputs, madePaths(s)
	if len(globs) == 0 {
		globs, made = []string{"**"}, all
	}
	found := tree.Match(globs, names)
	for _, glob := range globs {
		// A file that git ignores counts if it is named.
		if _, there := slices.BinarySearch(found, glob); !there && !strings.ContainsAny(glob, `*?[{\!`) {
			found = append(found, strings.TrimPrefix(glob, "./"))
		}
	}
	if len(made) == 0 {
		return found
	}
	var exclude []string
	for _, name := range made {
		exclude = append(exclude, "!"+name)
	}
	return tree.Match(exclude, found)
}
