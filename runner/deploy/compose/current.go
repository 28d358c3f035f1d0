package compose

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// WithCurrentSecrets returns a release with the values that the caller has today of the secrets that are declared,
// in project.toml or under the key secrets, and with hashes of the current key. The sentences say which values differ.
// A secret that has been replaced since is not brought back with the release; a value that the caller has not set
// stays the one of the release. Where the key of the release is not known, no value can be compared, and those of
// today count by their names.
func (r Renderer) WithCurrentSecrets(
	ctx context.Context, of release.Release,
) (updated release.Release, sentences []string, err error) {
	if r.Values == nil {
		r.Values = &Values{}
	}
	s, err := sourceOf(r, of)
	if err != nil {
		return of, nil, err
	}
	c, err := s.current(ctx, of)
	if err != nil {
		return of, nil, err
	}
	sentences = c.sentences(of)
	if of.Key == c.key.ID && len(sentences) == 0 {
		return of, nil, nil
	}
	if of.Compose, of.Key, err = c.text(ctx, of); err != nil {
		return of, nil, err
	}
	m, err := r.Parse(ctx, of)
	if err != nil {
		return of, nil, err
	}
	return m.modelOf(of), sentences, nil
}

// A current is what changes in a release that is applied with the secrets of today.
type current struct {
	source *source
	key    release.Key
	// known says that the key of the release is.
	known bool
	// values are those of today, by reference. Those of the other references are the ones of the release.
	values map[string]string
}

func (s *source) current(ctx context.Context, of release.Release) (c current, err error) {
	c.source = s
	if c.key, err = s.keys.Current(ctx); err != nil {
		return c, err
	}
	if s.key, c.known, err = s.keys.Find(ctx, of.Key); err != nil {
		return c, err
	}
	c.values = s.declared()
	if !c.known {
		c.values, err = s.named(ctx, c.key)
	}
	maps.DeleteFunc(c.values, func(ref, value string) bool { return value == "" || s.isOf(ref, value) })
	return c, err
}

// sentences returns a sentence about each secret whose value is not that of the release.
func (c current) sentences(of release.Release) (sentences []string) {
	reason := fmt.Sprintf("the value that is set now is not the one of release %d", of.Number)
	if !c.known {
		reason = fmt.Sprintf("the key of the hashes of release %d is not here, so the value that is set now counts", of.Number)
	}
	for ref := range c.values {
		name, _ := split(ref)
		sentences = append(sentences, "the secret "+name+" changes: "+reason)
	}
	slices.Sort(sentences)
	return slices.Compact(sentences)
}

// text returns the text of a release with references of the current key, and its id.
func (c current) text(ctx context.Context, of release.Release) ([]byte, string, error) {
	s, refs := c.source, findReferences(of.Compose)
	same := slices.DeleteFunc(slices.Clone(refs), func(ref string) bool { return c.values[ref] != "" })
	if !c.known && len(same) > 0 {
		return nil, "", s.missingError(of, same)
	}
	if err := s.resolve(ctx, of, same); err != nil {
		return nil, "", err
	}
	by := map[string]string{}
	s.key = c.key
	for _, ref := range refs {
		name, _ := split(ref)
		by[ref] = s.reference(name, cmp.Or(c.values[ref], s.values.get(ref)))
	}
	return replaceReferences(of.Compose, by), c.key.ID, nil
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

// named returns the values that the names in references have today: those of the caller, and those of the Compose
// files of today.
func (s *source) named(ctx context.Context, key release.Key) (map[string]string, error) {
	all, variables := s.declared(), s.callersVariables()
	today := *s
	today.key = key
	if err := today.findInFiles(ctx, nil); err != nil {
		return nil, err
	}
	for _, ref := range findReferences(s.content) {
		name, _ := split(ref)
		all[ref] = cmp.Or(all[ref], variables[name], s.values.only(name))
	}
	return all, nil
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
