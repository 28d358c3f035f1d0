package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Proposal is what a deploy would do. It is data: it can be printed, kept in a file and carried out later.
type Proposal struct {
	Environment string `json:"environment"`
	// Release that would be recorded.
	Release release.Release `json:"release"`
	// Plan is what would be changed.
	Plan release.Plan `json:"plan"`
	// Notes are sentences about what is not as the Compose files say it: a port that somebody else has.
	Notes []string `json:"notes,omitempty"`
	// Volumes tells that those which nothing uses any more are deleted too.
	Volumes bool `json:"volumes,omitempty"`
}

// Empty tells whether there is nothing to do.
func (o *Proposal) Empty() bool { return o.Plan.Empty() && (!o.Volumes || len(o.Plan.Retained) == 0) }

// Propose says what a deploy would do. Images are built and brought as for the deploy, since what is in them decides; the environment
// stays as it is.
func (p *Project) Propose(ctx context.Context, d DeployRequest, emit func(ui.Event)) (*Proposal, error) {
	s, err := p.openSession(ctx, d.Environment)
	if err != nil {
		return nil, err
	}
	defer s.target.Close()
	return p.propose(ctx, s, d, emit)
}

func (p *Project) propose(ctx context.Context, s *session, d DeployRequest, emit func(ui.Event)) (*Proposal, error) {
	if d.Saved != nil {
		return d.Saved, p.verifyUnchanged(ctx, s, d.Saved, emit)
	}
	from, err := p.source(ctx, s.Environment, d.From, d.ForceSkip)
	if err != nil {
		return nil, err
	}
	defer from.close()
	by := async(func() (authorship, error) { return p.authorship(ctx) })
	images, err := p.collectImages(ctx, s, from, d, emit)
	if err != nil {
		return nil, err
	}
	r, err := p.newRelease(ctx, s, from, images, by)
	if err != nil {
		return nil, err
	}
	proposal, err := p.compared(ctx, s, r)
	if err == nil {
		proposal.Volumes = d.Volumes
	}
	return proposal, err
}

// compared is a release with what it would change.
func (p *Project) compared(ctx context.Context, s *session, r release.Release) (*Proposal, error) {
	r, notes, err := s.resolveConflicts(ctx, r)
	if err != nil {
		return nil, err
	}
	live, err := s.target.Glance(ctx)
	if err != nil {
		return nil, err
	}
	return &Proposal{Environment: s.Name, Release: r, Plan: difference(r, s.applied(), live, s.Ignore), Notes: notes}, nil
}

// resolveConflicts refuses a release that wants what others have, before anything is touched. In the lowest environment, which is for trying
// things out, the engine chooses another port in the place of one that is taken.
func (s *session) resolveConflicts(ctx context.Context, r release.Release) (_ release.Release, notes []string, err error) {
	conflicts, err := s.target.Conflicts(ctx, r.Model)
	if err != nil || len(conflicts) == 0 {
		return r, nil, err
	}
	var refusals []string
	for _, c := range conflicts {
		notes = append(notes, c.Yields())
		if !c.Port || s.Require != "" {
			refusals = append(refusals, c.String())
		}
	}
	if len(refusals) > 0 {
		return r, nil, refused("let them have another name or port, or deploy it to another engine", "%s cannot be deployed beside what is there: %s", s.Name, strings.Join(refusals, "; "))
	}
	r, err = s.target.ReassignPorts(ctx, r, conflicts)
	return r, notes, err
}

// newRelease is the record of a release that is to come.
func (p *Project) newRelease(ctx context.Context, s *session, from *source, images map[string]release.Image, by func() (authorship, error)) (release.Release, error) {
	r := release.Release{Number: s.next(), Project: s.Project, Environment: s.Name, Time: p.Streams.Now().UTC(), Images: images}
	a, err := by()
	if err != nil {
		return r, err
	}
	r.By, r.Revision, r.Dirty, r.Version = a.by, a.commit.Revision, a.commit.Dirty, a.commit.Version
	if from != nil { // what runs is of that commit, whatever is checked out here
		r.Revision, r.Dirty, r.Version = from.release.Revision, from.release.Dirty, from.release.Version
		r.From, r.Forced = from.String(), from.skips
	}
	r.Model, r.Compose, err = s.target.Desired(ctx, images)
	return r, err
}

// ReadProposal reads what davit plan -o has written.
func ReadProposal(file string) (*Proposal, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, usage("davit plan ENV -o FILE writes one", "the plan cannot be read: %v", err)
	}
	var out Proposal
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&out); err != nil || out.Environment == "" || out.Release.Number == 0 {
		return nil, usage("davit plan ENV -o FILE writes one", "%q is no plan of davit: %v", file, errors.Join(err))
	}
	return &out, nil
}

// verifyUnchanged refuses a plan that was made on something else than what there is now.
func (p *Project) verifyUnchanged(ctx context.Context, s *session, saved *Proposal, emit func(ui.Event)) error {
	again := "davit plan " + s.Name + " -o FILE makes a new one"
	r := saved.Release
	if saved.Environment != s.Name || r.Environment != s.Name || r.Project != s.Project {
		return refused(again, "the plan is for %s of %s, not for %s of %s", saved.Environment, r.Project, s.Name, s.Project)
	}
	if r.Number != s.next() {
		return refused(again, "the plan is for release %d of %s, and the next one is %d: somebody else has deployed", r.Number, s.Name, s.next())
	}
	if err := p.restore(ctx, s, r, emit); err != nil {
		return err
	}
	fresh, err := p.compared(ctx, s, r)
	if err == nil && fresh.Plan.Base != saved.Plan.Base {
		err = refused(again, "%s has moved since the plan was made: something else runs there now", s.Name)
	}
	return err
}
