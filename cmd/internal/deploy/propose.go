package deploy

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Propose returns what a deploy would do. Images are built and copied as for the deploy, since their content
// decides; the environment is not changed.
func (e *Environments) Propose(ctx context.Context, r Request, emit func(ui.Event)) (*Proposal, error) {
	s, err := e.openLook(ctx, r.Environment)
	if err != nil {
		return nil, err
	}
	defer s.close()
	o := &operation{session: s, environments: e, request: r, emit: emit, held: ctx, by: e.by(ctx), commit: e.commit(ctx)}
	return o.propose(ctx)
}

func (o *operation) propose(ctx context.Context) (*Proposal, error) {
	if saved := o.request.Saved; saved != nil {
		return saved, o.verifyUnchanged(ctx, saved)
	}
	from, err := o.environments.source(ctx, o.Environment, o.request.From, o.request.ForceSkip)
	if err != nil {
		return nil, err
	}
	defer from.close()
	images, err := o.collectImages(ctx, from)
	if err != nil {
		return nil, err
	}
	r, err := o.newRelease(ctx, from, images)
	if err != nil {
		return nil, err
	}
	if err := o.verifyLineage(ctx, r); err != nil {
		return nil, err
	}
	proposal, err := o.compare(ctx, r)
	if err == nil {
		o.warnMounted(proposal.Plan, r.Mounted)
		proposal.Foreign, err = o.foreignOrRenamed(ctx, r)
		proposal.Volumes, proposal.Notes = o.request.Volumes, append(proposal.Notes, o.keyNotes(proposal)...)
	}
	return proposal, err
}

// verifyLineage warns if a release does not contain the commit that runs: somebody else deployed it, from a checkout
// that is ahead of this one. One that has none of its services either is refused: that is another project of the same
// name.
func (o *operation) verifyLineage(ctx context.Context, r release.Release) error {
	now := o.current()
	if now == nil {
		return nil
	}
	lacks := o.environments.Builder.Lacks(ctx, r.Revision, now.Revision)
	if !lacks && o.environments.foreign(ctx, o.session) == "" {
		return nil
	}
	if !slices.ContainsFunc(slices.Collect(maps.Keys(now.Model.Services)),
		func(name string) bool { _, has := r.Model.Services[name]; return has }) {
		return refused("name = \"NAME\" under [_] in project.toml gives this project a name of its own; davit destroy "+o.Name+
			" --releases removes what runs with its releases, if that is meant",
			"release %d of %s, by %s, is of a commit that this repository does not have, and of other services (%s): it may be of "+
				"another project with the name %q", now.Number, o.Name, now.By,
			strings.Join(slices.Sorted(maps.Keys(now.Model.Services)), ", "), o.Project)
	}
	if !lacks {
		return nil
	}
	o.emit(ui.Event{Type: ui.EventWarning,
		Text: fmt.Sprintf("release %d of %s, by %s, is of commit %s, which commit %s does not contain", now.Number, o.Name,
			now.By, short(now.Revision), short(r.Revision)),
		Hint: "git pull gets what others have pushed, if that is not meant"})
	return nil
}

// short returns the first digits of the hash of a commit.
func short(revision string) string { return revision[:min(12, len(revision))] }

// compare returns what a release would change.
func (o *operation) compare(ctx context.Context, r release.Release) (*Proposal, error) {
	observed := async(func() (release.Observed, error) { return o.observe(ctx, deploy.ObserveOptions{}) })
	r, notes, err := o.resolveConflicts(ctx, r)
	live, failed := observed()
	if err = cmp.Or(err, failed); err != nil {
		return nil, err
	}
	plan := release.Compare(r.Model, o.applied(), live, o.Ignore)
	if err := o.verifyNetworks(plan, live); err != nil {
		return nil, err
	}
	access, err := o.newAccess(ctx, r)
	proposal := &Proposal{Format: proposalFormat, Environment: o.Name, Head: o.head(), Release: r, Plan: plan,
		Notes: notes, Access: access, starting: release.Diagnose(r.Model, live, o.Ignore).Starting}
	if now := o.current(); now != nil {
		proposal.Configs = configDiffs(plan, *now, r)
	} else {
		proposal.Duplicates = release.DuplicatesOf(r.Model, live.Duplicates)
	}
	return proposal, err
}

// newAccess returns what a release takes from the machine and the current one does not, besides what
// project.toml allows. A strict environment refuses what is not allowed, new or not.
func (o *operation) newAccess(ctx context.Context, r release.Release) ([]release.Access, error) {
	all, err := o.backend.Access(ctx, r)
	if err != nil {
		return nil, err
	}
	if all, err = o.notAllowed(all); err != nil {
		return nil, err
	}
	now := o.current()
	if now == nil || len(all) == 0 {
		return all, nil
	}
	before, err := o.backend.Access(ctx, *now)
	if err != nil { // it cannot be compared with, and was shown when it was deployed
		return all, nil
	}
	return slices.DeleteFunc(all, func(a release.Access) bool { return slices.Contains(before, a) }), nil
}

// notAllowed returns the accesses that project.toml does not allow. In a strict environment they are an error.
func (s *session) notAllowed(all []release.Access) ([]release.Access, error) {
	all = slices.DeleteFunc(slices.Clone(all), func(a release.Access) bool { return a.Allowed(s.Allow) })
	if !s.Strict || len(all) == 0 {
		return all, nil
	}
	return nil, refused(fmt.Sprintf("allow = %s in [environments.%s] of project.toml allows all of it",
		allowing(s.Allow, all), s.Name), "%s is strict, and the Compose files take from its machine what it does not allow: %s", s.Name,
		release.DescribeAccess(all))
}

// allowing returns a list for project.toml that allows accesses besides what is allowed already: ["bind:/", "pid-host"].
func allowing(allowed []string, more []release.Access) string {
	names := slices.Clone(allowed)
	for _, a := range more {
		if !slices.Contains(names, a.Name) {
			names = append(names, a.Name)
		}
	}
	for i, name := range names {
		names[i] = strconv.Quote(name)
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// resolveConflicts refuses a release that needs what other owners hold, before anything changes. In the
// lowest environment, which is for trying things out, a backend that can chooses another port for one that is
// taken.
func (o *operation) resolveConflicts(
	ctx context.Context, r release.Release,
) (_ release.Release, notes []string, err error) {
	conflicts, err := o.backend.Conflicts(ctx, r.Model)
	if err != nil || len(conflicts) == 0 {
		return r, nil, err
	}
	reassigner, can := o.backend.(deploy.PortReassigner)
	var refusals []string
	for _, c := range conflicts {
		if !c.Port || o.Require != "" || !can {
			refusals = append(refusals, c.String())
		} else {
			notes = append(notes, c.PortReassignment())
		}
	}
	if len(refusals) > 0 {
		return r, nil, refused(conflictHint(o.Name, conflicts),
			"%s cannot be deployed: %s", o.Name, strings.Join(refusals, "; "))
	}
	r, err = reassigner.ReassignPorts(ctx, r, conflicts)
	return r, notes, err
}

// conflictHint returns the next thing to do about ports and names that others hold. Two environments on one machine
// need a port each.
func conflictHint(environment string, conflicts []release.Conflict) string {
	for _, c := range conflicts {
		if c.Port {
			return fmt.Sprintf("a variable gives each environment a port of its own: \"${%[2]s:-%[3]s}:…\" in ports of %[1]q, unless there is one, and variables = { %[2]s = \"OTHER\" } "+
				"in [environments.%[4]s] of project.toml", c.Service, variable(c.Service)+"_PORT", publishedPort(c.Wants), environment)
		}
	}
	return "change the name in the Compose files, remove what has it, or deploy to another engine"
}

// publishedPort returns the port of an address that is published: 8080 of "127.0.0.1:8080".
func publishedPort(address string) string { return address[strings.LastIndexByte(address, ':')+1:] }

// newRelease returns the record of a release that is to come.
func (o *operation) newRelease(
	ctx context.Context, from *source, images map[string]release.Image,
) (release.Release, error) {
	r := release.Release{
		Format: release.Format, Number: o.next(), Project: o.Project, Environment: o.Name,
		Time: o.environments.Now().UTC(), Images: images,
	}
	r.Folder = o.environments.folder()
	c, err := o.commit()
	if err != nil {
		return r, err
	}
	r.By, r.Revision, r.Dirty, r.Version = o.by, c.Revision, c.Dirty, c.Version
	if from != nil { // what runs is of that commit, whatever is checked out here
		r.Revision, r.Dirty, r.Version = from.release.Revision, from.release.Dirty, from.release.Version
		r.From, r.Forced = from.String(), from.skips
	}
	desired, err := o.backend.Desired(ctx, images)
	r.Model, r.Compose, r.Key = desired.Model, desired.Compose, desired.Key
	if err != nil {
		return r, err
	}
	r.Down, r.Mounted = o.Down, o.mountedFiles(r.Model)
	if err := o.checkDownService(r.Model); err != nil {
		return r, err
	}
	r.Skipped, err = o.jobsToSkip(ctx, r.Model)
	r.Model = r.Model.Skip(r.Skipped)
	return r, err
}

// jobsToSkip returns the jobs that the last release has skipped and that do not run now either.
func (o *operation) jobsToSkip(ctx context.Context, m release.Model) ([]string, error) {
	names := m.StillSkipped(o.applied())
	if len(names) == 0 || o.request.RunJobs {
		return nil, nil
	}
	live, err := o.observe(ctx, deploy.ObserveOptions{})
	if err != nil || !live.HasState(o.applied()) {
		return nil, err
	}
	return names, nil
}

// keyNotes says that the secrets of a release cannot be compared with those of the current one, where these differ.
func (o *operation) keyNotes(p *Proposal) []string {
	now := o.current()
	if now == nil || now.Key == p.Release.Key || !slices.ContainsFunc(p.Plan.Changes, changesSecret) {
		return nil
	}
	return []string{fmt.Sprintf(
		"release %d has its hashes of secrets with another key, so they cannot be compared: all secrets count as changed", now.Number)}
}

// changesSecret reports whether a secret of a service has another hash.
func changesSecret(c release.Change) bool {
	return slices.ContainsFunc(c.Fields, func(d release.Difference) bool { return d.Before.Secret && d.After.Secret })
}

// verifyUnchanged refuses a saved plan that was made on another state than the one there is now.
func (o *operation) verifyUnchanged(ctx context.Context, saved *Proposal) error {
	again := "davit plan " + o.Name + " -o FILE makes a new one"
	r := saved.Release
	if of := r.Environment; of != o.Name || saved.Environment != of || r.Project != o.Project {
		if of == o.Name {
			of = saved.Environment
		}
		return refused(again, "the plan is for %s of %s, not for %s of %s", of, r.Project, o.Name, o.Project)
	}
	if r.Number != o.next() {
		return refused(again,
			"the plan is for release %d of %s, and the next one is %d: %s has been deployed since", r.Number,
			o.Name, o.next(), o.Name)
	}
	if saved.Head != o.head() {
		return refused(again, "the plan follows another release than the last one of %s", o.Name)
	}
	if err := o.verifyWhole(ctx, &saved.Release); err != nil {
		return refused(again, "the plan is not as it was made: %v", err)
	}
	if err := o.backend.CheckRelease(ctx, r, slices.Sorted(maps.Keys(r.Model.Services))); err != nil {
		return refused("set the secrets that the plan was made with; "+again, "%v", err)
	}
	if _, err := o.restore(ctx, r); err != nil {
		return err
	}
	fresh, err := o.compare(ctx, r)
	switch {
	case err != nil:
		return err
	case len(fresh.Notes) > 0: // with the ports of others, it would be another release
		return refused(again, "%s has changed since the plan was made: %s", o.Name,
			strings.Join(fresh.Notes, "; "))
	case fresh.Plan.Base != saved.Plan.Base:
		return refused(again, "%s has changed since the plan was made", o.Name)
	case !fresh.Plan.Equal(saved.Plan):
		return refused(again, "the plan is not as it was made: its changes are not those of its release")
	}
	return nil
}

// verifyWhole returns why the model of a release is not what its Compose text means, and sets the model to
// that.
func (o *operation) verifyWhole(ctx context.Context, r *release.Release) error {
	derived, err := o.backend.DeriveModel(ctx, *r)
	if err != nil {
		return err
	}
	if path := release.Disagreement(r.Model, derived); path != "" {
		return fmt.Errorf("its model and its Compose text disagree about %s", path)
	}
	r.Model = derived
	return nil
}
