package release

import (
	"cmp"
	"maps"
	"slices"
)

// An Ownership is the record of what davit has made or adopted in an environment. The labels of a container
// can be copied, by hand or with an image; its id cannot. So only what is recorded belongs to davit.
type Ownership struct {
	// Format is the version of the format.
	Format int `json:"format"`
	// Containers and Networks are ids of the engine. A volume has none: Volumes are names, each with the mark
	// of the change that made it.
	Containers []string `json:"containers,omitempty"`
	Networks   []string `json:"networks,omitempty"`
	Volumes    []string `json:"volumes,omitempty"`
	// Unnamed are the names that the engine has given to volumes of containers that a destroy has removed without them.
	Unnamed []string `json:"unnamed,omitempty"`
	// Changes are the marks of changes that have not ended, since they are under way or were killed. What
	// carries such a mark was made by them.
	Changes []string `json:"changes,omitempty"`
}

// Empty reports whether nothing belongs to the environment, and no change of it is under way.
func (o Ownership) Empty() bool {
	return len(o.Containers)+len(o.Networks)+len(o.Volumes)+len(o.Unnamed)+len(o.Changes) == 0
}

// A Thing is a container, a network or a volume that has the labels of an environment.
type Thing struct {
	Subject Subject `json:"subject"`
	// Name is that on the engine, and Key the name of the service, the network or the volume in the Compose
	// file.
	Name string `json:"name"`
	Key  string `json:"key"`
	// ID is that of the engine, and Mark that of the change that made it.
	ID   string `json:"-"`
	Mark string `json:"-"`
}

// SortThings sorts things by their kinds and names.
func SortThings(all []Thing) {
	slices.SortFunc(all, func(a, b Thing) int {
		return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Name, b.Name))
	})
}

// id returns what is recorded of a thing.
func (t Thing) id() string {
	if t.Subject == SubjectVolume {
		return t.Name + " " + t.Mark
	}
	return t.ID
}

// Owns reports whether a thing belongs to davit. Without a record nothing does.
func (o *Ownership) Owns(t Thing) bool {
	if o == nil {
		return false
	}
	return slices.Contains(o.of(t.Subject), t.id()) || t.Mark != "" && slices.Contains(o.Changes, t.Mark)
}

func (o *Ownership) of(s Subject) []string {
	switch s {
	case SubjectContainer:
		return o.Containers
	case SubjectNetwork:
		return o.Networks
	}
	return o.Volumes
}

// Adopts reports whether a thing that Compose has made can be adopted. A container can while davit has none in
// the environment: others beside its own are somebody else's.
func (o *Ownership) Adopts(t Thing) bool {
	return !o.Owns(t) && t.Key != "" &&
		(t.Subject != SubjectContainer || o == nil || len(o.Containers)+len(o.Changes) == 0)
}

// Present returns the record without containers that are gone: what Compose made after all of them were removed
// can be adopted. all is everything that has the labels of the environment.
func (o *Ownership) Present(all []Thing) *Ownership {
	if o == nil {
		return nil
	}
	present := *o
	present.Containers = slices.DeleteFunc(slices.Clone(o.Containers), func(id string) bool {
		return !slices.ContainsFunc(all, func(t Thing) bool {
			return t.Subject == SubjectContainer && t.ID == id
		})
	})
	return &present
}

// Next returns the record of the things that belong to davit, and of those that a plan adopts. changes are
// the marks of changes that have not ended.
func (o *Ownership) Next(all []Thing, p Plan, changes ...string) Ownership {
	o = o.Present(all)
	next := Ownership{Format: Format, Changes: changes}
	if o != nil {
		next.Unnamed = o.Unnamed
	}
	for _, t := range all {
		if !o.Owns(t) && !(o.Adopts(t) && p.adopts(t)) {
			continue
		}
		switch t.Subject {
		case SubjectContainer:
			next.Containers = append(next.Containers, t.id())
		case SubjectNetwork:
			next.Networks = append(next.Networks, t.id())
		case SubjectVolume:
			next.Volumes = append(next.Volumes, t.id())
		}
	}
	for _, ids := range [][]string{next.Containers, next.Networks, next.Volumes} {
		slices.Sort(ids)
	}
	return next
}

// Adopts reports whether a plan adopts anything, which is confirmed in every environment.
func (p Plan) Adopts() bool {
	return slices.ContainsFunc(p.Changes, func(c Change) bool { return c.Kind == Adopt })
}

// adopts reports whether a plan adopts a thing.
func (p Plan) adopts(t Thing) bool {
	return slices.ContainsFunc(p.Changes, func(c Change) bool {
		return c.Kind == Adopt && c.Subject == t.Subject && c.Name == t.Name
	})
}

// adoptions adds the things that the environment has already and that davit has not made.
func (p *Plan) adoptions(observed Observed) {
	for _, t := range observed.Adoptable {
		p.add(Change{Kind: Adopt, Subject: t.Subject, Name: t.Name,
			Detail: "davit did not make it; from now on davit replaces and removes it"})
	}
}

// has reports whether the model has what a thing was made for. A volume of another name is another one.
func (m Model) has(project string, t Thing) (has bool) {
	switch t.Subject {
	case SubjectContainer:
		_, has = m.Services[t.Key]
	case SubjectNetwork:
		has = m.Networks[t.Key] != nil && m.Networks[t.Key]["external"] == ""
	case SubjectVolume:
		key := m.keyOfVolume(project, t.Name)
		has = key != "" && m.Volumes[key]["external"] == ""
	}
	return has
}

// Owned returns what belongs to davit, without what could be adopted.
func (l Observed) Owned() Observed { return l.within(Model{}) }

// within returns the live state without what could be adopted and is in no model.
func (l Observed) within(m Model) Observed {
	l.Model.Services, l.Model.Networks = maps.Clone(l.Model.Services), maps.Clone(l.Model.Networks)
	l.Model.Volumes, l.Containers = maps.Clone(l.Model.Volumes), maps.Clone(l.Containers)
	adoptable := l.Adoptable
	l.Adoptable = nil
	for _, t := range adoptable {
		switch {
		case m.has(l.Model.Project, t):
			l.Adoptable = append(l.Adoptable, t)
		case t.Subject == SubjectContainer:
			delete(l.Model.Services, t.Key)
			delete(l.Containers, t.Key)
		case t.Subject == SubjectNetwork:
			delete(l.Model.Networks, t.Key)
		default:
			delete(l.Model.Volumes, l.Model.keyOfVolume(l.Model.Project, t.Name))
		}
	}
	l.Model.Volumes = l.volumesOf(m)
	return l.withDone(m)
}

// withDone counts the containers that are done as replicas of the services of a model that may end.
func (l Observed) withDone(m Model) Observed {
	for name, containers := range l.Containers {
		if s, has := l.Model.Services[name]; has && m.Services[name].Ends {
			s.Replicas = 0
			for _, c := range containers {
				if c.State == StateRunning || c.done() {
					s.Replicas++
				}
			}
			l.Model.Services[name] = s
		}
	}
	return l
}
