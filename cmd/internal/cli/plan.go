package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type planCmd struct {
	environmentArgs
	ExitCode  bool   `help:"Exit with 3 if something would change"`
	Output    string `short:"o" placeholder:"FILE" help:"Save the plan to FILE, for davit deploy --plan FILE"`
	RunJobs   bool   `help:"Run jobs, too, that the way back to the last release has skipped"`
	NoBuild   bool   `help:"Build no images: what would be built is taken as it is in the current release"`
	From      string `placeholder:"ENV" help:"Take the release of this environment, not of the one below"`
	Pull      bool   `help:"Ask registries again for images that the engine has"`
	Volumes   bool   `help:"Delete volumes that are no longer used"`
	ForceSkip bool   `help:"Skip a stage of the promotion order, or take an unhealthy release; this is recorded"`
}

// Help returns the details for davit plan --help.
func (planCmd) Help() string {
	return `davit plan compares three things: what the Compose files say, with every image by its digest; the last
release; and what runs. It builds the images that the environment builds, and changes nothing in the
environment.

A service that is replaced start-first is not interrupted: its new containers are healthy before the old ones
are removed. Where others remember its address, the plan names whom that interrupts. A service that is replaced
stop-first is interrupted, and the plan says why. The lines below a
service name the fields that force the change.

  davit plan staging -o FILE          save the plan; davit deploy staging --plan FILE then does exactly that
  davit plan staging --exit-code      exit with 3 if something would change
  davit plan dev --no-build           what would change besides the images that are built`
}

// Run prints what a deploy would change. With --json it prints a deploy.Proposal.
func (cmd *planCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "plan", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, _, err := cmd.parts("plan", 0)
			if err != nil {
				return err
			}
			if cmd.NoBuild && cmd.Output != "" {
				return fault.Preconditionf("leave one of them out", "--no-build and -o do not go together: the plan would have old images")
			}
			display := c.preparation()
			defer display.Close()
			proposal, err := e.Propose(ctx, deploy.Request{
				Environment: name, From: cmd.From, ForceSkip: cmd.ForceSkip, Volumes: cmd.Volumes,
				Pull: cmd.Pull, NoBuild: cmd.NoBuild, RunJobs: cmd.RunJobs, Kill: c.kill,
			}, display.Event)
			if err != nil {
				return err
			}
			display.Close()
			return cmd.show(c, proposal)
		})
}

// show saves and prints a proposal.
func (cmd *planCmd) show(c *call, proposal *deploy.Proposal) error {
	if err := cmd.save(c, proposal); err != nil {
		return err
	}
	if c.options.JSON {
		if err := c.printJSON(proposal); err != nil {
			return err
		}
	} else if !c.options.Quiet {
		c.printer().proposal(proposal)
	}
	if cmd.ExitCode && !proposal.Empty() {
		return &app.SilentError{Code: fault.Pending}
	}
	return nil
}

// save writes the plan to the file that -o names, atomically and for the user alone.
func (cmd *planCmd) save(c *call, proposal *deploy.Proposal) error {
	if cmd.Output == "" {
		return nil
	}
	data, err := json.MarshalIndent(proposal, "", "  ")
	if err == nil {
		err = writePlan(c.absolute(cmd.Output), append(text.JSON(data), '\n'))
	}
	if err != nil {
		return fault.Preconditionf("", "the plan cannot be saved: %v", err)
	}
	return nil
}

// writePlan writes a file for the user alone: whoever can write it decides what is deployed. A link is
// followed, and what is no file, such as /dev/stdout, is written to as it is.
func writePlan(file string, data []byte) error {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		file = target
	}
	info, err := os.Stat(file)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder", file)
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(file, data, 0o600)
	}
	if _, err := os.Stat(filepath.Dir(file)); err != nil { // rather a typing error than a folder to make
		return err
	}
	return atomicfile.Write(file, data, 0o600)
}

// proposal prints a release and a line for each change, with the fields that force it.
func (p printer) proposal(proposal *deploy.Proposal) {
	r, style := proposal.Release, p.OutStyle()
	if proposal.Empty() && !strings.HasPrefix(r.From, proposal.Environment+" ") { // a rollback records a release in any case
		p.Printf("%s  nothing to change\n", style.Bold(proposal.Environment))
	} else {
		p.Printf("%s  %s\n", style.Bold(proposal.Environment), strings.Join(origins(r), ", "))
	}
	rows := planRows(proposal)
	p.Table(rows, func(row, col int, text string) ui.Text {
		switch {
		case col == 0 && strings.Contains(text, string(release.Delete)):
			return style.Red(text)
		case col == 0:
			return style.Bold(text)
		}
		return style.Plain(text)
	})
	for _, c := range proposal.Configs {
		p.configDiff(c)
	}
	if len(proposal.Access) > 0 {
		p.Printf("  note  takes from the machine: %s\n", release.DescribeAccess(proposal.Access))
	}
	for _, project := range proposal.Duplicates {
		p.Printf("  note  %s\n", project.Note())
	}
	if proposal.Foreign != "" {
		p.Printf("  note  %s\n", proposal.Foreign)
	}
	for _, note := range proposal.Notes {
		p.Printf("  note  %s\n", note)
	}
	if text := summary(proposal.Plan); text != "" {
		p.Printf("%s\n", text)
	}
}

// maxDiffLines is how many lines of the difference of a config a plan shows.
const maxDiffLines = 60

// configDiff prints how the text of a config changes.
func (p printer) configDiff(c deploy.ConfigDiff) {
	lines := strings.SplitAfter(c.Diff, "\n")
	p.Printf("  %s of %s\n", c.Path, c.Service)
	p.Patch("    ", strings.Join(lines[:min(maxDiffLines, len(lines))], ""))
	if more := len(lines) - maxDiffLines; more > 0 {
		p.Printf("    … and %d lines more\n", more)
	}
}

// summary returns how many services are changed in which way.
func summary(p release.Plan) string {
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
			words = append(words, fmt.Sprintf("%d to %s, of which %d with an interruption", n, kind,
				interrupted))
		default:
			words = append(words, fmt.Sprintf("%d to %s", n, kind))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return "services: " + strings.Join(words, "; ")
}

// origins returns the number of a release and where it comes from.
func origins(r release.Release) (words []string) {
	words = append(words, fmt.Sprintf("release %d", r.Number))
	if commit := sourceOf(r); commit != "" {
		words = append(words, commit)
	}
	if r.From != "" {
		words = append(words, "from "+r.From)
	}
	if r.Forced {
		words = append(words, "forced with --force-skip")
	}
	return words
}

// planRows returns a row for each change, and for each volume that is no longer used.
func planRows(proposal *deploy.Proposal) (rows [][]string) {
	for _, undo := range proposal.Release.Undone {
		rows = append(rows, []string{"  run", undo.Kind() + " " + undo.Name,
			fmt.Sprintf("undoes the jobs of release %d, before anything is replaced", undo.Release)})
	}
	for _, change := range proposal.Plan.Changes {
		rows = append(rows, []string{"  " + string(change.Kind), string(change.Subject) + " " + change.Name,
			change.Description()})
		for _, f := range change.Fields {
			text := difference(f)
			if change.Subject == release.SubjectService && f.Path == "image" {
				if name := proposal.Release.Images[change.Name].Name; name != "" {
					text += ", " + name
				}
			}
			rows = append(rows, []string{"", "  " + f.Path, text})
		}
	}
	for _, skipped := range proposal.Plan.Skipped {
		rows = append(rows, []string{"  " + string(skipped.Kind), string(skipped.Subject) + " " + skipped.Name,
			skipped.Detail})
	}
	for _, kept := range proposal.Plan.Retained {
		if proposal.Volumes {
			rows = append(rows, []string{"  " + string(kept.Kind), string(kept.Subject) + " " + kept.Name,
				"its data is lost"})
		} else {
			detail := cmp.Or(kept.Detail, "--volumes deletes it")
			rows = append(rows, []string{"  keep", string(kept.Subject) + " " + kept.Name, detail})
		}
		for _, f := range kept.Fields {
			rows = append(rows, []string{"", "  " + f.Path, difference(f)})
		}
	}
	return rows
}

// difference returns a field as it is and as it is to be.
func difference(f release.Difference) string {
	before, after := presentText(f.Before), presentText(f.After)
	text := before + " → " + after
	switch {
	case strings.HasPrefix(f.Path, "configs.") && f.Before.Set && f.After.Set && !f.Drift:
		text = "its text changes"
	case strings.HasPrefix(f.Path, release.MixedPrefix):
		text = before // "is from another release"
	case f.Before.Secret && f.After.Secret:
		text = "a secret changed"
	case f.Before.Secret && f.After == release.Text(""):
		text = "becomes empty, and was a secret"
	case f.Before.Secret && !f.After.Set:
		text = "is no longer set, and was a secret"
	case !f.Before.Set:
		text = after
	case !f.After.Set:
		text = "no longer " + before
	}
	if f.Drift {
		text += " (not as it was deployed)"
	}
	return text
}

// presentText returns one side of a difference, "there" if it is set and has no text.
func presentText(v release.Value) string {
	if v.Set && v.Text == "" {
		return "there"
	}
	return valueText(v)
}

// valueText returns one side of a difference, with short digests and without the hash of a secret. Commands are JSON arrays, in
// which releases have escapes for what pages of HTML are written with.
func valueText(v release.Value) string {
	if v.Secret {
		return v.String()
	}
	return cutDigests(strings.NewReplacer(`\u0026`, "&", `\u003c`, "<", `\u003e`, ">").Replace(v.Text))
}

// cutDigests returns a text with its digests cut to 12 digits.
func cutDigests(text string) string {
	words := strings.Split(text, "@")
	for i, w := range words {
		if digest, is := strings.CutPrefix(w, "sha256:"); is && len(digest) == 64 {
			words[i] = digest[:12]
		}
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), "@")
}

// sourceOf returns what a release was made from: the commit, else the version.
func sourceOf(r release.Release) string {
	text := r.Revision[:min(12, len(r.Revision))]
	if r.Dirty && text != "" {
		text += " and changes"
	}
	if r.Version != "" && !r.Dirty {
		text = cmp.Or(text, r.Version)
	}
	return text
}
