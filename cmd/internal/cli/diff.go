package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type diffCmd struct {
	environmentArgs
	Files    bool `help:"Show what has changed in files of containers, where they are text"`
	ExitCode bool `help:"Exit with 3 if anything differs"`
}

// Help is what davit diff --help says besides.
func (diffCmd) Help() string {
	return `davit diff ENV [SERVICE...]: where what runs is not what was deployed, service by service. A line with "-" is of the release, one with "+"
is what there is now; A, C and D are files that were added, changed and deleted in a container. Values of secrets are never shown.
What "ignore" of the environment names is left out, and shown with -v. davit heal puts it right, and so does davit deploy.`
}

// Run shows the drift of an environment. With --json it prints an app.Drifted.
func (cmd *diffCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "diff", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, services, _ := cmd.parts(len(cmd.Words))
		d, err := e.Diff(ctx, name, services, cmd.Files)
		if err != nil {
			return err
		}
		if c.options.JSON {
			err = c.printJSON(d)
		} else {
			c.printDrifted(d)
		}
		if err == nil && cmd.ExitCode && !d.InSync {
			err = &app.SilentError{Code: fault.Pending}
		}
		return err
	})
}

func (c *call) printDrifted(d deploy.DriftReport) {
	if d.InSync {
		fmt.Fprintf(c.Streams.Out, "%s is as release %d says\n", d.Environment, d.Release.Number)
	} else {
		words := append(origins(d.Release.Release), c.age(d.Release.Time)+" by "+d.Release.By)
		fmt.Fprintf(c.Streams.Out, "%s  %s\n", c.Streams.OutStyle().Bold(d.Environment), strings.Join(words, ", "))
		c.printDrift(d.Drift, d.Containers)
	}
	c.printFiles(d.Files)
	if c.options.Verbose && len(d.Ignored) > 0 {
		fmt.Fprint(c.Streams.Out, "\nignored, as the environment says\n")
		c.printDrift(d.Ignored, nil)
	}
}

// printDrift prints a block for each service, and one for what is none's.
func (c *call) printDrift(drift map[string][]release.Difference, containers map[string][]deploy.ContainerStatus) {
	style := c.Streams.OutStyle()
	names := sorted(drift)
	if len(names) > 0 && names[0] == "" { // what is no service's comes last
		names = append(names[1:], "")
	}
	for _, name := range names {
		rows := [][]string{{""}, {orElse(name, "the environment")}}
		for _, difference := range drift[name] {
			rows = append(rows, differenceRows(difference, containers[name])...)
		}
		c.Streams.Table(rows, func(row, _ int, text string) string {
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

// differenceRows are the lines of one difference: as it was deployed, and as it is.
func differenceRows(d release.Difference, containers []deploy.ContainerStatus) (rows [][]string) {
	at := in(d.Container)
	if file, is := strings.CutPrefix(d.Path, "files."); is {
		return [][]string{{"  " + strings.ToUpper(d.After.Text[:1]) + " " + file + at}}
	}
	if d.Path == "service" {
		return [][]string{{fmt.Sprintf("  + all of it: %d containers of a service that is in no release", len(containers))}}
	}
	was, is := value(d.Before), value(d.After)
	if d.Before.Secret && d.After.Secret {
		is = "another secret"
	}
	if d.Before.Set {
		rows = append(rows, []string{"  - " + field(d.Path, was) + at})
	}
	if d.After.Set {
		rows = append(rows, []string{"  + " + field(d.Path, is) + at})
	}
	if d.Path == "replicas" {
		rows = append(rows, restingRows(containers)...)
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

// restingRows are the containers that are there and do not run.
func restingRows(containers []deploy.ContainerStatus) (rows [][]string) {
	for _, one := range containers {
		if one.State != release.StateRunning {
			rows = append(rows, []string{"      " + one.Name + " is " + string(one.State)})
		}
	}
	return rows
}

func (c *call) printFiles(files []deploy.FileDrift) {
	for _, f := range files {
		fmt.Fprintln(c.Streams.Out)
		if f.Why != "" {
			c.Streams.Table([][]string{{"  " + f.Path + in(f.Container) + " is not shown: " + f.Why}}, nil)
			continue
		}
		c.Streams.Patch("  ", f.Diff)
	}
}
