package compose

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// sourceOf returns the source of what a release has kept.
func sourceOf(r Renderer, of release.Release) (*source, error) {
	s := baseSource(r)
	s.env.Replicas, s.env.Down = nil, "" // the text has them
	s.content, s.fromRelease = of.Compose, true
	s.files = []string{fmt.Sprintf("release %d of %s", of.Number, of.Environment)}
	s.renderer = r
	var reason string
	if s.references, reason = variablesOf(of.Compose); reason != "" {
		return nil, fault.Refusef("davit releases "+of.Environment+" lists the others",
			"the Compose text of release %d of %s is not one that davit writes: %s", of.Number, of.Environment, reason)
	}
	return s, nil
}

// resolve finds the values of the references of a release: values that are known, those of the caller's
// variables, those of the Compose files of today, and those of containers. A value counts only if its hash is
// that of the reference.
func (s *source) resolve(ctx context.Context, of release.Release, refs []string) error {
	known := false
	var err error
	if s.key, known, err = s.keys.Find(ctx, of.Key); err != nil {
		return err
	}
	if !known && len(s.values.missing(refs)) > 0 {
		return &deploy.UnknownKeyError{Release: of.Number, Environment: of.Environment}
	}
	for _, find := range []func(context.Context, []string) error{s.findInVariables, s.findInSecretFiles, s.findInFiles,
		s.findInContainers} {
		if missing := s.values.missing(refs); len(missing) > 0 {
			if err := find(ctx, missing); err != nil {
				return err
			}
		}
	}
	if missing := s.values.missing(refs); len(missing) > 0 {
		return s.missingError(of, missing)
	}
	s.given = map[string]string{}
	for _, ref := range refs {
		s.given[ref] = s.values.get(ref)
	}
	return nil
}

// missingError refuses a release whose values nobody has.
func (s *source) missingError(of release.Release, missing []string) error {
	var names []string
	for _, ref := range missing {
		name, _ := split(ref)
		names = append(names, name)
	}
	slices.Sort(names)
	one := "the value"
	if names = slices.Compact(names); len(names) > 1 {
		one = "the values"
	}
	return fault.Refusef("set "+names[0]+" to the value that it had then, or davit deploy "+s.env.Name+
		" brings a new release",
		"release %d of %s was made with %s of %s, and neither the caller, the files nor a container has that",
		of.Number, of.Environment, one, strings.Join(names, ", "))
}

// offer remembers a value for those of the references that it is the value of.
func (s *source) offer(refs []string, values ...string) {
	for _, ref := range refs {
		for _, value := range values {
			if s.isOf(ref, value) {
				s.values.remember(ref, value)
			}
		}
	}
}

// findInVariables tries the variables of the caller and of the files for them. The Compose files are tried next, and
// say what is wrong with a file.
func (s *source) findInVariables(_ context.Context, refs []string) error {
	variables := s.callersVariables()
	for _, ref := range refs {
		name, _ := split(ref)
		s.offer([]string{ref}, variables[name])
	}
	return nil
}

// findInSecretFiles tries the files that secrets of the release came from.
func (s *source) findInSecretFiles(_ context.Context, refs []string) error {
	for _, file := range s.keptSecrets() {
		if file == "" {
			continue
		}
		if text, err := regular.Read(absolute(s.env.Dir, file), regular.Lock); err == nil {
			s.offer(refs, string(text))
		}
	}
	return nil
}

// findInFiles tries the Compose files of today. A pipeline may have none, or none that are valid; and they give
// what they name without a secret, or a file, that it has not got.
func (s *source) findInFiles(ctx context.Context, _ []string) error {
	r := s.renderer
	r.Values = s.values
	today, err := newSource(r)
	if err != nil {
		return ctx.Err()
	}
	today.partial, today.key = true, s.key
	m, err := today.model(ctx)
	if err != nil {
		return ctx.Err()
	}
	m.Canonical()
	_, err = m.Compose()
	return err
}

// findInContainers tries the containers.
func (s *source) findInContainers(ctx context.Context, refs []string) error {
	if s.renderer.Containers == nil {
		return nil
	}
	s.given = map[string]string{}
	for _, ref := range findReferences(s.content) {
		s.given[ref] = mark(ref)
	}
	m := &Model{env: s.env, source: s}
	var err error
	if m.real, err = s.load(ctx, nil); err != nil {
		return err
	}
	all, err := s.renderer.Containers(ctx)
	for _, one := range all {
		if _, has := m.real.Services[one.Service]; has {
			m.match(one, refs)
		}
	}
	return err
}

// match offers what a container has in the place of references.
func (m *Model) match(one Container, refs []string) {
	for path, text := range m.fields(m.real, one.Service) {
		m.source.offer(refs, inPlaceOfMarks(text, one.Fields[path])...)
	}
	s := m.real.Services[one.Service]
	for _, c := range s.Configs {
		text := m.real.Configs[c.Source].Content
		m.source.offer(refs, inPlaceOfMarks(text, one.Files[configTarget(types.FileReferenceConfig(c))])...)
	}
	for _, c := range s.Secrets {
		m.source.offer(refs, one.Files[secretTarget(types.FileReferenceConfig(c))])
	}
}

// inPlaceOfMarks returns what a text has in the place of the marks of another.
func inPlaceOfMarks(text, live string) (found []string) {
	if !marked(text) || live == "" {
		return nil
	}
	if found = inLists(text, live); len(found) > 0 {
		return found
	}
	pattern := anyMark().ReplaceAllString(regexp.QuoteMeta(text), "(.*?)")
	found = regexp.MustCompile("(?s)^" + pattern + "$").FindStringSubmatch(live)
	if len(found) == 0 {
		return nil
	}
	return found[1:]
}

// inLists is inPlaceOfMarks for the words of two commands, as JSON has them.
func inLists(text, live string) (found []string) {
	var words, has []string
	if json.Unmarshal([]byte(text), &words) != nil || json.Unmarshal([]byte(live), &has) != nil ||
		len(words) != len(has) {
		return nil
	}
	for i, word := range words {
		found = append(found, inPlaceOfMarks(word, has[i])...)
	}
	return found
}
