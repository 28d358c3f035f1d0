package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type planCmd struct {
	environmentArgs
	ExitCode  bool   `help:"Exit with 3 where something would be changed"`
	Output    string `short:"o" placeholder:"FILE" help:"Keep the plan there, for davit deploy --plan FILE"`
	From      string `placeholder:"ENV" help:"Take what stands healthy there, not in the environment below"`
	Pull      bool   `help:"Ask registries again for images that the engine has"`
	Volumes   bool   `help:"Delete volumes that nothing uses any more"`
	ForceSkip bool   `help:"Leave out an environment of the ladder, or take what is not healthy; the release says so"`
}

// Help is what davit plan --help says besides.
func (planCmd) Help() string {
	return `Three things are compared: what the Compose files say with every image by its digest, the last release, and what runs. Images that are
built for the environment are built for the plan too; the environment stays as it is.

What is replaced start-first goes on without interruption: the new containers are healthy before the old ones go. What is replaced
stop-first does not, and the plan says why. Below each service are the fields that make it so.

  davit plan staging -o FILE          keep the plan; davit deploy staging --plan FILE does that and nothing else
  davit plan staging --exit-code      exit code 3 where something would be changed`
}

// Run prints what a deploy would change. With --json it prints an deploy.Proposal.
func (cmd *planCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "plan", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, _, err := cmd.parts(0)
		if err != nil {
			return err
		}
		display := c.preparation()
		defer display.Close()
		proposal, err := e.Propose(ctx, deploy.Request{
			Environment: name, From: cmd.From, ForceSkip: cmd.ForceSkip, Volumes: cmd.Volumes, Pull: cmd.Pull, Kill: c.kill,
		}, display.Event)
		if err != nil {
			return err
		}
		display.Close()
		return cmd.tell(c, proposal)
	})
}

func (cmd *planCmd) tell(c *call, proposal *deploy.Proposal) error {
	if err := cmd.keep(c, proposal); err != nil {
		return err
	}
	if c.options.JSON {
		if err := c.printJSON(proposal); err != nil {
			return err
		}
	} else if !c.options.Quiet {
		c.printProposal(proposal)
	}
	if cmd.ExitCode && !proposal.Empty() {
		return &app.SilentError{Code: fault.Pending}
	}
	return nil
}

// keep writes the plan to the file that -o names, in one piece.
func (cmd *planCmd) keep(c *call, proposal *deploy.Proposal) error {
	if cmd.Output == "" {
		return nil
	}
	data, err := json.MarshalIndent(proposal, "", "  ")
	if err == nil {
		err = atomicfile.Write(c.absolute(cmd.Output), append(data, '\n'), 0o666)
	}
	if err != nil {
		return &fault.Error{Reason: fmt.Sprintf("the plan cannot be kept: %v", err), Code: fault.FailedPrecondition}
	}
	return nil
}

// printProposal prints a release and a line for each change, with the fields that force it.
func (c *call) printProposal(proposal *deploy.Proposal) {
	r, style := proposal.Release, c.Streams.OutStyle()
	if proposal.Empty() {
		fmt.Fprintf(c.Streams.Out, "%s  nothing to change\n", style.Bold(proposal.Environment))
	} else {
		fmt.Fprintf(c.Streams.Out, "%s  %s\n", style.Bold(proposal.Environment), strings.Join(origins(r), ", "))
	}
	rows := planRows(proposal)
	c.Streams.Table(rows, func(row, col int, text string) string {
		switch {
		case col == 0 && strings.Contains(text, string(release.Delete)):
			return style.Red(text)
		case col == 0:
			return style.Bold(text)
		}
		return text
	})
	for _, note := range proposal.Notes {
		fmt.Fprintf(c.Streams.Out, "  note  %s\n", note)
	}
	if text := counted(proposal.Plan); text != "" {
		fmt.Fprintf(c.Streams.Out, "%s\n", text)
	}
}

// counted is how many services are changed in which way.
func counted(p release.Plan) string {
	counts, interrupted := map[release.ChangeKind]int{}, 0
	for _, change := range p.Changes {
		if change.Subject != release.SubjectService {
			continue
		}
		counts[change.Kind]++
		if change.Kind == release.Replace && change.Interrupts() {
			interrupted++
		}
	}
	var words []string
	for _, kind := range release.ChangeKinds {
		switch n := counts[kind]; {
		case n == 0:
		case kind == release.Replace && interrupted > 0:
			words = append(words, fmt.Sprintf("%d to %s, of which %d with an interruption", n, kind, interrupted))
		default:
			words = append(words, fmt.Sprintf("%d to %s", n, kind))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "services: " + strings.Join(words, "; ")
}

// origins says which release that is and where it comes from.
func origins(r release.Release) (words []string) {
	words = append(words, fmt.Sprintf("release %d", r.Number))
	if commit := commitOf(r); commit != "" {
		words = append(words, commit)
	}
	if r.From != "" {
		words = append(words, "from "+r.From)
	}
	if r.Forced {
		words = append(words, "a rung of the ladder is left out")
	}
	return words
}

func planRows(proposal *deploy.Proposal) (rows [][]string) {
	for _, change := range proposal.Plan.Changes {
		rows = append(rows, []string{"  " + string(change.Kind), string(change.Subject) + " " + change.Name, change.Description()})
		for _, f := range change.Fields {
			text := difference(f)
			if i := proposal.Release.Images[change.Name]; change.Subject == release.SubjectService && f.Path == "image" && i.Name != "" {
				text += ", " + i.Name
			}
			rows = append(rows, []string{"", "  " + f.Path, text})
		}
	}
	for _, kept := range proposal.Plan.Retained {
		if proposal.Volumes {
			rows = append(rows, []string{"  " + string(kept.Kind), string(kept.Subject) + " " + kept.Name, "its data is lost"})
		} else {
			rows = append(rows, []string{"  keep", string(kept.Subject) + " " + kept.Name, orElse(kept.Detail, "--volumes deletes it")})
		}
	}
	return rows
}

// difference is a field as it was and is to be.
func difference(f release.Difference) string {
	was, is := present(f.Before), present(f.After)
	text := was + " → " + is
	switch {
	case f.Before.Secret && f.After.Secret:
		text = "a secret changed"
	case !f.Before.Set:
		text = is
	case !f.After.Set:
		text = "no longer " + was
	}
	if f.Drift {
		text += " (not as it was deployed)"
	}
	return text
}

// present returns one side of a difference for a reader. One that has no text is only there.
func present(v release.Value) string {
	if v.Set && v.Text == "" {
		return "there"
	}
	return value(v)
}

// value returns the text of a side of a difference for a reader. A secret has none.
func value(v release.Value) string {
	if v.Secret {
		return v.String()
	}
	return cutDigests(v.Text)
}

// cutDigests returns a text with its digests cut to what tells them apart.
func cutDigests(text string) string {
	words := strings.Split(text, "@")
	for i, w := range words {
		if digest, is := strings.CutPrefix(w, "sha256:"); is && len(digest) == 64 {
			words[i] = digest[:12]
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "@")
}
