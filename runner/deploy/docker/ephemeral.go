package docker

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/self"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

const (
	// ephemeralLifetime is how long an ephemeral environment lasts whose davit may still run on another
	// machine.
	ephemeralLifetime = 24 * time.Hour
	// removalAttempts is how often the engine is asked again: a request from before a Ctrl-C may take effect
	// after it.
	removalAttempts = 5
	loopback        = "127.0.0.1"
)

// An ephemeralOwner is the process that an ephemeral environment belongs to.
type ephemeralOwner struct {
	self.Process
	Expires time.Time `json:"expires"`
}

// labelEphemeral labels everything in an ephemeral environment with its owner, so that another davit knows
// whether it is stale.
func (a *apply) labelEphemeral(p *types.Project) {
	if a.backend.Environment.Ephemeral == nil {
		return
	}
	// texts and numbers always marshal
	text, _ := json.Marshal(ephemeralOwner{self.Get(), a.backend.Now().Add(ephemeralLifetime)})
	for name, s := range p.Services {
		s.CustomLabels = s.CustomLabels.Add(label.Ephemeral, string(text)).Add(label.Environment,
			a.backend.Environment.Ephemeral.Name)
		p.Services[name] = s
	}
	for name, n := range p.Networks {
		n.CustomLabels = n.CustomLabels.Add(label.Ephemeral, string(text))
		p.Networks[name] = n
	}
	for name, v := range p.Volumes {
		v.CustomLabels = v.CustomLabels.Add(label.Ephemeral, string(text))
		p.Volumes[name] = v
	}
}

// PruneStale removes the ephemeral environments of davits that were killed.
func (b *Backend) PruneStale(ctx context.Context) error {
	stale, err := listResources(ctx, b.engine, client.Filters{}.Add("label", label.Ephemeral))
	if err != nil {
		return err
	}
	var errs []error
	for _, project := range stale.staleProjects(b.Now()) {
		errs = append(errs, b.removeEphemeral(ctx, project))
	}
	return errors.Join(errs...)
}

// removeEphemeral removes everything of an ephemeral environment at once: nobody needs it any more.
func (b *Backend) removeEphemeral(ctx context.Context, project string) error {
	var last error
	for range removalAttempts {
		r, err := listResources(ctx, b.engine, ofProject(project).Add("label", label.Ephemeral))
		if err != nil || r.empty() {
			return err
		}
		last = r.remove(ctx, b.engine)
		if err := pause(ctx, pollInterval); err != nil {
			return err
		}
	}
	return last
}
