package compose

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// WithCurrentSecrets returns a release with the values that the caller has today of the secrets that are declared,
// in project.toml or under the key secrets, and the names of those that differ from the values of the release.
// A secret that has been replaced since is not brought back with the release. A value that the caller has not set
// stays the one of the release.
func (r Renderer) WithCurrentSecrets(ctx context.Context, of release.Release) (release.Release, []string, error) {
	if r.Values == nil {
		r.Values = &Values{}
	}
	s, err := sourceOf(r, of)
	if err != nil {
		return of, nil, err
	}
	current, names := map[string]string{}, []string{}
	for ref, value := range s.declared() {
		if name, _ := split(ref); value != "" && !s.isOf(ref, value) {
			current[ref], names = s.reference(name, value), append(names, name)
		}
	}
	if len(current) == 0 {
		return of, nil, nil
	}
	of.Compose = replaceReferences(of.Compose, current)
	m, err := r.Parse(ctx, of)
	if err != nil {
		return of, nil, err
	}
	slices.Sort(names)
	return m.modelOf(of, r.Key), slices.Compact(names), nil
}

// declared returns the values of the caller for the references of a release to secrets that are declared.
func (s *source) declared() map[string]string {
	all, variables := map[string]string{}, s.callersVariables()
	for _, ref := range findReferences(s.content) {
		name, _ := split(ref)
		if _, is := s.secrets[name]; is {
			all[ref] = variables[name]
		}
	}
	for ref, file := range s.keptSecrets() {
		name, _ := split(ref)
		if all[ref] = variables[name]; file != "" {
			text, _ := regular.Read(absolute(s.env.Dir, file), regular.Lock) // the caller need not have it
			all[ref] = string(text)
		}
	}
	return all
}

// keptSecrets returns the references of the secrets under the key secrets of a release, each with the file that it
// came from; "" for a variable.
func (s *source) keptSecrets() map[string]string {
	var kept struct {
		Secrets map[string]types.FileObjectConfig
	}
	_ = json.Unmarshal(s.content, &kept) // loading it says what is wrong
	all := map[string]string{}
	for _, one := range kept.Secrets {
		if referenceName().MatchString(one.Environment) {
			all[one.Environment] = one.Labels[fileLabel]
		}
	}
	return all
}

// callersVariables returns the variables of the caller and of the files for them; none if a file is not valid.
func (s *source) callersVariables() types.Mapping {
	if s.refuseEnvFiles() != nil {
		return nil
	}
	o, err := cli.NewProjectOptions(s.files, s.options(s.variables(nil))...)
	if err != nil {
		return nil
	}
	return o.Environment
}

// replaceReferences replaces references in the text of a release.
func replaceReferences(text []byte, by map[string]string) []byte {
	return referencesIn().ReplaceAllFunc(text, func(found []byte) []byte {
		m := referencesIn().FindSubmatch(found)
		ref := string(m[2]) + string(m[3])
		if other, has := by[ref]; has && len(m[1])%2 == 0 { // a dollar sign before it escapes it
			return bytes.Replace(found, []byte(ref), []byte(other), 1)
		}
		return found
	})
}
