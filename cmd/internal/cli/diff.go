package cli

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type diffCmd struct {
	environmentArgs
	Files    bool `help:"Show changes inside text files of containers"`
	ExitCode bool `help:"Exit with 3 if anything differs"`
}

// Help returns the details for davit diff --help.
func (diffCmd) Help() string {
	return `davit diff ENV [SERVICE...] shows how each service differs from its release. Lines with "-" are from the
release, lines with "+" are from the environment. A, C and D mark files that were added, changed and deleted
in a container. Values of secrets are never shown. Fields that "ignore" of the environment names are shown
only with -v.

To restore the release, run davit heal or davit deploy.`
}

// Run shows the drift of an environment. With --json it prints a deploy.DriftReport.
func (cmd *diffCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "diff", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, services, _ := cmd.parts("diff", len(cmd.Words))
			d, err := e.Diff(ctx, name, services, cmd.Files)
			if err != nil {
				return err
			}
			if err := c.result(d, func(p printer) { p.driftReport(d) }); err != nil {
				return err
			}
			if cmd.ExitCode && !d.InSync {
				return &app.SilentError{Code: fault.Pending}
			}
			return nil
		})
}

// driftReport prints all differences between an environment and its release.
func (p printer) driftReport(d deploy.DriftReport) {
	if d.InSync {
		p.Printf("%s matches release %d\n", d.Environment, d.Release.Number)
	} else {
		words := append(origins(d.Release.Release), p.age(d.Release.Time)+" by "+d.Release.By)
		p.Printf("%s  %s\n", p.OutStyle().Bold(d.Environment), strings.Join(words, ", "))
		p.drift(d.Drift, d.Containers)
	}
	if d.Foreign != "" {
		p.Printf("%s\n", p.OutStyle().Yellow(d.Foreign))
	}
	p.files(d.Files)
	if p.verbose && len(d.Ignored) > 0 {
		p.Printf("\nignored\n")
		p.drift(d.Ignored, nil)
	}
}

// drift prints a block for each service, and a last one for the rest of the environment, which is under "".
func (p printer) drift(
	drift map[string][]release.Difference, containers map[string][]deploy.ContainerStatus,
) {
	style := p.OutStyle()
	names := slices.Sorted(maps.Keys(drift))
	if len(names) > 0 && names[0] == "" {
		names = append(names[1:], "")
	}
	for _, name := range names {
		rows := [][]string{{""}, {cmp.Or(name, "the environment")}}
		for _, difference := range drift[name] {
			rows = append(rows, differenceRows(difference, containers[name])...)
		}
		p.Table(rows, func(row, _ int, text string) ui.Text {
			switch mark := strings.TrimSpace(text); {
			case row == 1:
				return style.Bold(text)
			case strings.HasPrefix(mark, "- "), strings.HasPrefix(mark, "D "):
				return style.Red(text)
			case strings.HasPrefix(mark, "+ "), strings.HasPrefix(mark, "A "):
				return style.Green(text)
			case strings.HasPrefix(mark, "C "):
				return style.Yellow(text)
			}
			return style.Dim(text)
		})
	}
}

// differenceRows returns the lines of one difference: as it was deployed, and as it is.
func differenceRows(d release.Difference, containers []deploy.ContainerStatus) (rows [][]string) {
	at := inContainer(d.Container)
	if file, is := strings.CutPrefix(d.Path, "files."); is {
		return [][]string{{"  " + strings.ToUpper(d.After.Text[:1]) + " " + file + at}}
	}
	if d.Path == "service" {
		return [][]string{{fmt.Sprintf("  + all of it: %d containers of a service that is in no release",
			len(containers))}}
	}
	before, after := valueText(d.Before), valueText(d.After)
	if d.Before.Secret && d.After.Secret {
		after = "another secret"
	}
	if d.Before.Set {
		rows = append(rows, []string{"  - " + field(d.Path, before) + at})
	}
	if d.After.Set {
		rows = append(rows, []string{"  + " + field(d.Path, after) + at})
	}
	if d.Path == "replicas" {
		rows = append(rows, stoppedRows(containers)...)
	}
	return rows
}

// field returns a path with its value, if it has one.
func field(path, value string) string {
	if value == "" {
		return path
	}
	return path + ": " + value
}

// stoppedRows returns a line for each container that does not run.
func stoppedRows(containers []deploy.ContainerStatus) (rows [][]string) {
	for _, one := range containers {
		if one.State != release.StateRunning {
			rows = append(rows, []string{"      " + one.Name + " is " + string(one.State)})
		}
	}
	return rows
}

// files prints the changes inside of files.
func (p printer) files(files []deploy.FileDrift) {
	for _, f := range files {
		p.Printf("\n")
		if f.Why != "" {
			p.Table([][]string{{"  " + f.Path + inContainer(f.Container) + " is not shown: " + f.Why}}, nil)
			continue
		}
		p.Patch("  ", f.Diff)
	}
}
