package compose

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// DeriveModel returns the canonical model of a release, which its Compose text, its hashes and its images
// decide. No value of a secret is needed, no variable of the caller counts, and no file is read. An error
// says in a few words which parts disagree.
func (r Renderer) DeriveModel(ctx context.Context, of release.Release) (release.Model, error) {
	reduced := of.Reduced()
	if of.Model.Services == nil {
		reduced.Hashes, reduced.SelfModified = of.Hashes, of.SelfModified
	}
	derived, err := r.derive(ctx, reduced)
	if err != nil {
		return release.Model{}, err
	}
	if reduced.Model, err = reduced.Completed(derived); err != nil {
		return release.Model{}, err
	}
	return reduced.Model, reduced.CheckImages()
}

// derive returns the canonical model of the text of a release, in which any hash stands for a value that the
// text only refers to.
func (r Renderer) derive(ctx context.Context, of release.Release) (release.Model, error) {
	s, err := sourceOf(r, of)
	if err != nil {
		return release.Model{}, err
	}
	s.environ, s.secrets, s.env.EnvFiles, s.env.Variables = nil, nil, nil, nil
	p, err := s.load(ctx, s.references)
	if err != nil {
		return release.Model{}, err
	}
	m := &Model{env: s.env, source: s, real: p, masked: p, names: s.references, images: of.Images,
		contents: referencedContents(p)}
	return m.Canonical(), nil
}

// referencedContents returns the contents of configs that are texts, and marks for everything else.
func referencedContents(p *types.Project) map[string]content {
	all := map[string]content{}
	for name, c := range p.Configs {
		all["configs/"+name] = content{c.Content, c.Content}
		if c.File != "" || c.Environment != "" {
			all["configs/"+name] = content{"", mark(name)}
		}
	}
	for name := range p.Secrets {
		all["secrets/"+name] = content{"", mark(name)}
	}
	return all
}

// variable is how the text of a release refers to a secret. Before references had hashes, it was the name alone.
var variable = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$\{(\w+):\?` + release.SecretReference + `\}`)
})

// foreignKeys are keys that no release has: with them, a text would mean something else on another machine.
var foreignKeys = []string{"build", "env_file", "label_file", "extends", "develop", "profiles", "pull_policy"}

// variablesOf returns the names of the variables that the text of a release refers to. No other one counts for
// it. The reason says why davit has not written the text.
func variablesOf(text []byte) (names []string, reason string) {
	var doc struct {
		Include  any
		Services map[string]map[string]any
		Secrets  map[string]struct{ Environment string }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, "it is no JSON: " + err.Error()
	}
	if doc.Include != nil {
		return nil, `it has the key "include"`
	}
	for _, service := range sorted(doc.Services) {
		if reason := foreign(service, doc.Services[service]); reason != "" {
			return nil, reason
		}
	}
	for _, found := range variable().FindAllSubmatch(text, -1) {
		names = append(names, string(found[1]))
	}
	for _, secret := range doc.Secrets {
		if secret.Environment != "" {
			names = append(names, secret.Environment)
		}
	}
	slices.Sort(names)
	return slices.Compact(names), ""
}

// foreign returns why a service is not one of a release.
func foreign(name string, keys map[string]any) string {
	for _, key := range foreignKeys {
		if _, has := keys[key]; has {
			return fmt.Sprintf("service %q has the key %q", name, key)
		}
	}
	variables, mapping := keys["environment"].(map[string]any)
	if keys["environment"] != nil && !mapping {
		return fmt.Sprintf("the environment of service %q is no mapping", name)
	}
	for _, one := range sorted(variables) {
		if variables[one] == nil {
			return fmt.Sprintf("service %q takes %q from the environment of its reader", name, one)
		}
	}
	return ""
}
