package deploy

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// proposalFormat is the format of saved plans that this davit writes. Any change of what they mean makes it
// greater.
const proposalFormat = 5

// Proposal is what a deploy would do. It is data: it can be printed, saved and carried out later.
type Proposal struct {
	// Format is the version of the format; see proposalFormat.
	Format      int    `json:"format"`
	Environment string `json:"environment"`
	// Head is the digest of the record that it would follow; empty for none.
	Head string `json:"head,omitempty"`
	// Release that would be recorded.
	Release release.Release `json:"release"`
	// Plan is what would be changed.
	Plan release.Plan `json:"plan"`
	// Notes are sentences about what differs from the Compose files: a port that another owner holds.
	Notes []string `json:"notes,omitempty"`
	// Access is what the release takes from the machine that the current one does not.
	Access []release.Access `json:"access,omitempty"`
	// Duplicates are projects of other names that run the same Compose files, before the first release.
	Duplicates []release.ComposeProject `json:"duplicates,omitempty"`
	// Foreign says why the environment may not be the one that is meant: what runs there may be of another project of
	// the same name, or this project may have the environment under another name. Empty if nothing speaks for it.
	Foreign string `json:"foreign,omitempty"`
	// Configs are the changes of texts that the plan only names. They are shown, and not saved.
	Configs []ConfigDiff `json:"-"`
	// Volumes says that those which nothing uses any more are deleted too.
	Volumes bool `json:"volumes,omitempty"`
	// starting are the services of which nothing has to be changed and that were still starting; not saved.
	starting []string
}

// Empty reports whether there is nothing to do.
func (p *Proposal) Empty() bool { return p.Plan.Empty() && (!p.Volumes || len(p.Plan.Retained) == 0) }

// planHint is the hint of every error about a saved plan.
const planHint = "davit plan ENV -o FILE writes one"

// ReadProposal reads what davit plan -o has written.
func ReadProposal(file string) (*Proposal, error) {
	data, err := regular.Read(file, regular.Lock)
	if err != nil {
		return nil, usage(planHint, "the plan cannot be read: %v", err)
	}
	p, err := parseProposal(data)
	if errors.Is(err, errNewerPlan) {
		return nil, refused("use that davit, or make a new plan", "plan %q was written by a newer davit",
			file)
	}
	if err != nil {
		return nil, usage(planHint, "%q is no plan of davit: %v", file, err)
	}
	return p, nil
}

// errNewerPlan is the error of a plan with a format that this davit does not know.
var errNewerPlan = errors.New("a newer davit wrote it")

// parseProposal reads a saved plan strictly: a part that this davit does not know might be what matters.
func parseProposal(data []byte) (*Proposal, error) {
	var version struct {
		Format  int
		Release struct{ Format int } // records of old formats are read as today's; a plan has none
	}
	if err := json.Unmarshal(data, &version); err == nil && version.Format > proposalFormat {
		return nil, errNewerPlan
	}
	p := &Proposal{}
	if reason := release.DecodeStrictly(data, p); reason != "" {
		return nil, errors.New(reason)
	}
	switch {
	case p.Release.Writable() != nil:
		return nil, errNewerPlan
	case p.Format < 1:
		return nil, errors.New(`it has no "format"; an older davit wrote it, or it is something else`)
	case p.Format < proposalFormat:
		return nil, fmt.Errorf("an older davit wrote it, in format %d", p.Format)
	case p.Environment == "":
		return nil, errors.New(`it names no "environment"`)
	case p.Release.Number == 0:
		return nil, errors.New(`it has no "release"`)
	case version.Release.Format != release.Format:
		return nil, fmt.Errorf("its release has format %d, and not %d", version.Release.Format, release.Format)
	case len(p.Release.Model.Services) == 0 || len(p.Release.Compose) == 0:
		return nil, errors.New(`its release has no "model" or no "compose"`)
	}
	return p, nil
}
