package app

import (
	"errors"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/conventions/team"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/strict"
)

// openConvention opens the convention of the project, and gives the project what it brings. Nothing is downloaded.
func (l loader) openConvention() error {
	name, source := l.Config.Convention, team.Source{Dir: l.Root.Dir, Read: func(ref string, b blobs.Blob) ([]byte, error) {
		return l.readBlob(ref, ref, b)
	}}
	if project.ValidReference(name) || conventions.IsFile(name) {
		lock, err := pins(l).readLock()
		if err != nil {
			return err
		}
		source.Lock = lock
	}
	c, err := source.Open(name)
	if err != nil {
		return l.conventionError(err)
	}
	l.team, l.convention = c, c.Convention
	c.Defaults().Give(l.Config)
	l.givePlugins(c.Plugins())
	return nil
}

// readBlob returns what is published under a reference, from this machine or the project. The name is that for people.
func (l loader) readBlob(name, ref string, b blobs.Blob) ([]byte, error) {
	rules, err := trustRules(l.env, l.Root.Dir, l.Config)
	if err != nil {
		return nil, err
	}
	data, err := PublishedStore(l.Cache, l.Root.Dir).Read(name, b)
	if err != nil {
		return nil, err
	}
	return data, l.checkSigned(rules, name, ref, b)
}

// conventionError returns an error about a convention, at the key that names it if it has no place of its own.
func (l loader) conventionError(err error) error {
	if _, inFile := errors.AsType[*strict.Error](err); inFile || fault.ChangedNothing(err) {
		return err
	}
	return l.Config.Fault([]string{"convention"}, "", "%v", err)
}

// givePlugins adds the plugins of the convention to those of project.toml, whose own words come first.
func (l loader) givePlugins(brought map[string]team.Plugin) {
	for name, b := range brought {
		own := l.Config.Plugins[name]
		own.Off, own.Config = own.Off || b.Off, team.Configured(b.Config, own.Config)
		if own.From == "" && b.From != "" {
			own.From = b.From
			l.brought[name] = b
		}
		if l.Config.Plugins == nil {
			l.Config.Plugins = map[string]project.Plugin{}
		}
		l.Config.Plugins[name] = own
	}
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
