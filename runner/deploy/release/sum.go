package release

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Sum returns a digest of everything that is applied. Fields of services that only explain do not count.
func (m Model) Sum() string {
	type service struct {
		Fields   Fields
		Replicas int
		Job      bool
		Mixed    []string `json:",omitempty"`
	}
	services := map[string]service{}
	for name, s := range m.Services {
		services[name] = service{s.Fields, s.Replicas, s.Job, s.Mixed}
	}
	// strings and numbers always marshal
	text, _ := json.Marshal([]any{m.Project, services, nonNil(m.Networks), nonNil(m.Volumes)})
	return digest(text)
}

// Sum returns a digest of the environment that does not depend on the age and the health of its containers.
func (l Observed) Sum() string {
	odd := map[string][]string{}
	for name, containers := range l.Containers {
		of := Model{Services: map[string]Service{name: l.Model.Services[name]}}.Sum()
		for _, c := range containers {
			own := l.Model.Services[name]
			own.Fields = c.Fields
			if sum := (Model{Services: map[string]Service{name: own}}).Sum(); len(c.Fields) > 0 && sum != of {
				odd[name] = append(odd[name], sum)
			}
		}
		slices.Sort(odd[name])
	}
	text, _ := json.Marshal([]any{l.Model.Sum(), odd, l.Adoptable})
	return digest(text)
}

// Sum returns a digest of the fields. Containers have that of the fields that they were made for as a label.
func (f Fields) Sum() string {
	text, _ := json.Marshal(f) // texts always marshal, sorted
	return strings.TrimPrefix(digest(text), "sha256:")[:32]
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// nonNil makes nil and an empty mapping the same.
func nonNil(m map[string]Fields) map[string]Fields {
	if m == nil {
		return map[string]Fields{}
	}
	return m
}
