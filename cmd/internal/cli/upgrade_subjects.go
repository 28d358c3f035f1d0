package cli

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/generator"
	"github.com/davit-dev/davit/cmd/internal/upgrade"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/templates/scaffold"
)

// all returns the subjects that the project has.
func (u *upgradeCmd) all(ctx context.Context, c *call, p *app.Project) (all []upgrade.Subject, err error) {
	dir := generator.FindRecord(c.folder(), p.Root.Dir)
	record, err := generator.ReadRecord(dir)
	if err != nil {
		return nil, err
	}
	if record != nil {
		all = append(all, upgrade.Subject{Name: templateSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return u.template(ctx, c, p, dir) }})
	}
	if name := p.Config.Convention; u.asks(conventionSubject) && project.ValidReference(name) && project.AddressDigest(name) == "" {
		published, err := c.publishedPlugins()
		if err != nil {
			return nil, err
		}
		all = append(all, upgrade.Subject{Name: conventionSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return upgradeConvention(ctx, c, published) }})
	}
	if u.asks(pluginsSubject) && slices.ContainsFunc(slices.Collect(maps.Values(p.Config.Plugins)), project.Plugin.Published) {
		published, err := c.publishedPlugins()
		if err != nil {
			return nil, err
		}
		all = append(all, upgrade.Subject{Name: pluginsSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return upgradePlugins(ctx, c, published) }})
	}
	pinned, err := p.PinsImages()
	if err != nil {
		return nil, err
	}
	if u.asks(imagesSubject) && pinned {
		if p.Engine == nil && c.Handover != nil {
			return nil, c.Handover()
		}
		all = append(all, upgrade.Subject{Name: imagesSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return upgradeImages(ctx, p) }})
	}
	if pins, _ := toolPins(p); u.asks(toolsSubject) && len(pins) > 0 {
		all = append(all, upgrade.Subject{Name: toolsSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return upgradeTools(ctx, c, p) }})
	}
	if p.HasTarget("upgrade") {
		all = append(all, upgrade.Subject{Name: dependenciesSubject,
			Propose: func(ctx context.Context) (*upgrade.Proposal, error) { return u.dependencies(ctx, c, p) }})
	}
	return all, nil
}

// asks reports whether a subject was asked for.
func (u *upgradeCmd) asks(name string) bool {
	return len(u.Subjects) == 0 || slices.Contains(u.Subjects, name)
}

// template proposes to move a project to the newest version of its template.
func (u *upgradeCmd) template(ctx context.Context, c *call, project *app.Project, dir string) (*upgrade.Proposal, error) {
	status, err := generator.Check(dir, c.newest(ctx, project))
	if err != nil {
		return nil, err
	}
	p := &upgrade.Proposal{Status: upgrade.StatusOf(templateSubject, []upgrade.Item{{
		Name: status.Template, Current: strconv.Itoa(status.Version), Newest: strconv.Itoa(status.Newest)}})}
	if u.Check || p.State != upgrade.Behind {
		return p, nil
	}
	set, err := u.answers()
	if err != nil {
		return nil, err
	}
	planned, err := generator.PlanUpgrade(ctx, dir, c.newest(ctx, project), set, c.asker(ctx, u.answerOptions))
	if err != nil {
		return nil, err
	}
	p.Dir, p.Changes = dir, []upgrade.Change{}
	for _, change := range planned.Changes {
		p.Changes = append(p.Changes, templateChange(change))
	}
	p.Besides = []upgrade.Change{{Path: scaffold.RecordFile, Action: upgrade.Update, Now: planned.Record()}}
	p.Conflict = conflictError(planned.Conflicts())
	p.Move = func(context.Context) error { return planned.Apply() }
	return p, nil
}

// templateChange returns a change of a template as one of an upgrade.
func templateChange(c scaffold.Change) upgrade.Change {
	out := upgrade.Change{Path: c.Path, Action: c.Action, Reason: c.Reason}
	if c.Action == scaffold.Keep {
		return out
	}
	if c.Action != scaffold.Create {
		out.Was = []byte(c.Was)
	}
	if c.Action != scaffold.Delete {
		out.Now = []byte(c.Now)
	}
	return out
}

// conflictError returns the error about files that both the project and its template changed; nil if there are none.
func conflictError(marked, binary []string) error {
	var reasons, hints []string
	if len(marked) > 0 {
		reasons = append(reasons, "this project and its template changed the same lines of "+text.And(marked))
		hints = append(hints, "edit what is between <<<<<<< and >>>>>>>")
	}
	if len(binary) > 0 {
		reasons = append(reasons, "this project and its template changed "+text.And(binary)+", which cannot be merged")
		hints = append(hints, "keep one of the two versions that are side by side")
	}
	if len(reasons) == 0 {
		return nil
	}
	return &fault.Error{Reason: strings.Join(reasons, "; "),
		Next: strings.Join(hints, ", and ") + ", then davit check; davit upgrade goes on from there"}
}

// upgradeConvention proposes to pin the convention to what its reference names now.
func upgradeConvention(ctx context.Context, c *call, published PublishedPlugins) (*upgrade.Proposal, error) {
	change, err := published.UpdateConvention(ctx, c.root())
	if err != nil {
		return nil, err
	}
	p := &upgrade.Proposal{Dir: c.root(), Status: upgrade.StatusOf(conventionSubject, []upgrade.Item{{
		Name: change.Ref, Current: change.Was, Newest: change.Digest}})}
	if p.State != upgrade.Behind {
		return p, nil
	}
	for _, e := range change.Edits {
		p.Changes = append(p.Changes, upgrade.Updates(e.File, e.Was, e.Now)...)
	}
	p.Move = func(context.Context) error { return published.Apply(change) }
	return p, nil
}

// upgradePlugins proposes to pin published plugins to what their references name now.
func upgradePlugins(ctx context.Context, c *call, published PublishedPlugins) (*upgrade.Proposal, error) {
	newer, err := published.Newer(ctx, c.root())
	if err != nil {
		return nil, err
	}
	var items []upgrade.Item
	for _, t := range newer.Plugins {
		items = append(items, upgrade.Item{Name: t.Name, Current: t.Was, Newest: t.Now, Reason: t.Kept})
	}
	p := &upgrade.Proposal{Status: upgrade.StatusOf(pluginsSubject, items)}
	if !slices.ContainsFunc(items, upgrade.Item.Moves) {
		return p, nil
	}
	p.Dir = c.root()
	for _, e := range newer.Edits {
		p.Changes = append(p.Changes, upgrade.Updates(e.File, e.Was, e.Now)...)
	}
	p.Move = func(ctx context.Context) error { return published.Move(ctx, newer) }
	return p, nil
}

// upgradeImages proposes to pin images to what their tags name now.
func upgradeImages(ctx context.Context, project *app.Project) (*upgrade.Proposal, error) {
	move, err := project.MoveLock(ctx)
	if err != nil {
		return nil, err
	}
	var items []upgrade.Item
	for _, ref := range slices.Sorted(maps.Keys(move.Then)) {
		if was := move.Before[ref]; was != "" {
			items = append(items, upgrade.Item{Name: ref, Current: was, Newest: move.Then[ref]})
		}
	}
	p := &upgrade.Proposal{Status: upgrade.StatusOf(imagesSubject, items)}
	if p.State == upgrade.Behind {
		p.Dir, p.Changes = project.Root.Dir, upgrade.Updates(move.File, move.Was, move.Now)
		p.Move = func(context.Context) error { return project.WriteLock(move) }
	}
	return p, nil
}

// dependencies proposes to run the target upgrade. With --check it asks the managers what that would move.
func (u *upgradeCmd) dependencies(ctx context.Context, c *call, p *app.Project) (*upgrade.Proposal, error) {
	out := &upgrade.Proposal{Status: upgrade.Status{Subject: dependenciesSubject, State: upgrade.Unknown}}
	if !u.Check {
		out.Move = func(ctx context.Context) error { return c.run(ctx, []string{"upgrade"}, u.runOptions) }
		return out, nil
	}
	found, reason, err := p.Outdated(ctx, c.request([]string{"upgrade"}, u.runOptions))
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		out.Items = append(out.Items, upgrade.Item{Name: o.Name, Current: o.Current, Newest: o.Newest})
	}
	switch out.Reason = reason; {
	case len(found) > 0:
		out.State = upgrade.Behind
	case reason == "":
		out.State = upgrade.Current
	}
	return out, nil
}
