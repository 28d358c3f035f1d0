package app

import (
	"fmt"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
)

// LoadConvention returns the convention of a name: "gazr@1", or a file that read reads.
func LoadConvention(name string, read func(string) ([]byte, error)) (*conventions.Convention, error) {
	if !conventions.IsFile(name) {
		return conventions.Load(name)
	}
	data, err := read(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %s", name, regular.Reason(err))
	}
	return conventions.Parse(name, data)
}

// A Conformity says what a project offers of its convention.
type Conformity struct {
	// Project is its name.
	Project string `json:"project"`
	// Convention is the name and the version: "way@2".
	Convention string `json:"convention"`
	// Extends is the convention that it extends.
	Extends string `json:"extends,omitempty"`
	// Offers are the targets of the convention that the project offers.
	Offers []string `json:"offers"`
	// Lacks are those that it has to offer and does not.
	Lacks []Lack `json:"lacks"`
}

// A Lack is a target that a project has to offer and does not.
type Lack struct {
	Target string `json:"target"`
	// Why is the reason.
	Why string `json:"why"`
}

// Conform compares the project with its convention.
func (p *Project) Conform() Conformity {
	c := Conformity{Project: p.Name, Convention: p.convention.Name + "@" + p.convention.Version, Extends: p.convention.Extends,
		Offers: []string{}, Lacks: []Lack{}}
	for _, t := range p.Resolution.Targets {
		uses, _ := p.Resolution.Expand(t)
		switch {
		case t.Own:
		case len(uses) > 0 || p.IsCommand(t.Name):
			c.Offers = append(c.Offers, t.Name)
		case t.Required:
			c.Lacks = append(c.Lacks, Lack{t.Name, t.AbsentBecause()})
		}
	}
	return c
}
