package deploytest

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/davit-dev/davit/runner/deploy/history"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// An owner tells what of an engine belongs to an environment.
type owner struct {
	project   string
	record    *release.Ownership
	ephemeral bool
}

// own returns what belongs to the environment now. The world is locked.
func (m *Memory) own() owner {
	o := owner{project: m.project, ephemeral: m.Environment.Ephemeral != nil}
	var newest stored
	for _, d := range (records{m}).documents() {
		if d.Kind == history.OwnershipRecord && !d.Time.Before(newest.Time) {
			newest = d
		}
	}
	if newest.text != nil {
		o.record = &release.Ownership{}
		_ = json.Unmarshal(newest.text, o.record) // davit wrote it
		o.record = o.record.Present(m.things())
	}
	return o
}

// owns reports whether something with the label of a project belongs to the environment.
func (o owner) owns(t release.Thing, project string) bool {
	return project == o.project && (o.ephemeral || o.record.Owns(t))
}

// includes reports whether it does, or could be adopted.
func (o owner) includes(t release.Thing, project string) bool {
	return project == o.project && (o.ephemeral || o.record.Owns(t) || o.record.Adopts(t))
}

func (o owner) container(c *container) bool    { return o.owns(c.thing(), c.project) }
func (o owner) hasContainer(c *container) bool { return o.includes(c.thing(), c.project) }

func (o owner) has(s release.Subject, r *resource) bool { return o.includes(r.thing(s), r.project) }
func (o owner) owned(s release.Subject, r *resource) bool {
	return r != nil && o.owns(r.thing(s), r.project)
}

// things returns everything that has the label of the environment.
func (m *Memory) things() (all []release.Thing) {
	for _, c := range m.engine.containers {
		if c.project == m.project {
			all = append(all, c.thing())
		}
	}
	for subject, resources := range m.engine.resources() {
		for _, r := range resources {
			if r.project == m.project {
				all = append(all, r.thing(subject))
			}
		}
	}
	return all
}

func (e *Engine) resources() map[release.Subject]map[string]*resource {
	return map[release.Subject]map[string]*resource{
		release.SubjectNetwork: e.networks, release.SubjectVolume: e.volumes,
	}
}

// beginChange records what a plan adopts, and the mark of everything that the change is about to make.
func (m *Memory) beginChange(ctx context.Context, p release.Plan) (mark string, err error) {
	if m.Environment.Ephemeral != nil {
		return "", ctx.Err()
	}
	var next release.Ownership
	err = m.withLock(ctx, func() error {
		o := m.own().record
		var changes []string
		if o != nil {
			changes = o.Changes
		}
		mark = m.world.next()
		next = o.Next(m.things(), p, append(slices.Clone(changes), mark)...)
		return nil
	})
	if err != nil {
		return "", err
	}
	return mark, m.RecordOwnership(ctx, next)
}

// endChange records what a change has made, however it ended.
func (m *Memory) endChange(ctx context.Context, mark string) error {
	ctx = context.WithoutCancel(ctx)
	var next *release.Ownership
	err := m.withLock(ctx, func() error {
		o := m.own().record
		if mark == "" || o == nil || len(o.Changes) == 0 || o.Changes[len(o.Changes)-1] != mark {
			return nil // another davit has broken the lock
		}
		all := o.Next(m.things(), release.Plan{})
		next = &all
		return nil
	})
	if err != nil || next == nil {
		return err
	}
	return m.RecordOwnership(ctx, *next)
}
