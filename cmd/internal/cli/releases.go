package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type releasesCmd struct {
	environmentArgs
	All bool `help:"List all that changed the environment: heals, destroys, locks taken over and commands run in it, too"`
}

// Help returns the details for davit releases --help.
func (releasesCmd) Help() string {
	return `davit releases lists the newest release first. Heals are listed above the release that they restored; davit
rollback does not return to a heal.

With --all there is a line for each thing that changed the environment, with --json as {"time", "by", "action",
"release", "result", "detail"}. Of commands that davit exec ran, it has the program and not the arguments.`
}

// Run lists the releases of an environment, the newest first. With --json it prints
// {"releases":[…]}, each a deploy.ReleaseSummary, or with --all {"changes":[…]}, each a deploy.LogEntry.
func (cmd *releasesCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "releases", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, _, err := cmd.parts("releases", 0)
			if err != nil {
				return err
			}
			if cmd.All {
				return c.log(ctx, e, name)
			}
			all, err := e.Releases(ctx, name)
			if err != nil {
				return err
			}
			return c.result(releasesJSON{all}, func(p printer) { p.releases(name, all) })
		})
}

type releasesJSON struct {
	Releases []deploy.ReleaseSummary `json:"releases"`
}

type changesJSON struct {
	Changes []deploy.LogEntry `json:"changes"`
}

// log prints all that changed an environment.
func (c *call) log(ctx context.Context, e *deploy.Environments, name string) error {
	all, err := e.Log(ctx, name)
	if err != nil {
		return err
	}
	return c.result(changesJSON{all}, func(p printer) {
		if len(all) == 0 {
			p.Printf("nothing has changed %s yet\n", name)
			return
		}
		var rows [][]string
		for _, entry := range all {
			rows = append(rows, []string{p.age(entry.Time), entry.By, entry.Action,
				numberOf(entry.Release), entry.Result, entry.Detail})
		}
		p.tableWithHead([]string{"SINCE", "BY", "ACTION", "RELEASE", "RESULT"}, rows,
			func(_, _ int, text string) ui.Text { return p.OutStyle().Plain(text) })
	})
}

// numberOf returns the number of a release in words, "-" for none.
func numberOf(release int) string {
	if release == 0 {
		return "-"
	}
	return strconv.Itoa(release)
}

// releases prints the releases of an environment, each below its heals.
func (p printer) releases(environment string, all []deploy.ReleaseSummary) {
	if len(all) == 0 {
		p.Printf("nothing has been deployed to %s\n", environment)
		return
	}
	style := p.OutStyle()
	var rows [][]string
	for _, r := range all {
		rows = append(rows, p.repairRows(r.Repairs)...)
		rows = append(rows, []string{
			strconv.Itoa(r.Number), string(r.Result), p.age(r.Time), r.By,
			cmp.Or(sourceOf(r.Release), "-"), remark(r),
		})
		if p.verbose {
			rows = append(rows, imageRows(r.Images)...)
		}
	}
	p.tableWithHead([]string{"RELEASE", "RESULT", "SINCE", "BY", "COMMIT"}, rows,
		func(row, col int, text string) ui.Text {
			switch {
			case col == 1 && text == string(release.Failed):
				return style.Red(text)
			case col == 1 && text == string(release.Pending):
				return style.Yellow(text)
			}
			return style.Plain(text)
		})
}

// imageRows returns a row for each image of a release, with its digest.
func imageRows(images map[string]release.Image) (rows [][]string) {
	for _, service := range slices.Sorted(maps.Keys(images)) {
		i := images[service]
		words := []string{"     ", service, i.Name, i.Digest}
		if i.Source != "" {
			words = append(words, "(from "+i.Source+")")
		}
		rows = append(rows, []string{strings.Join(words, " ")})
	}
	return rows
}

// remark returns why a release failed, or where it comes from.
func remark(r deploy.ReleaseSummary) string {
	text := ""
	switch {
	case r.Invalid != "":
		return r.Invalid
	case r.Reason != "":
		text = r.Reason
	case r.Interrupted:
		text = "interrupted"
	case r.Result == release.Pending:
		text = "in progress, or interrupted"
	case r.Forced:
		text = "from " + r.From + ", forced with --force-skip"
	case r.From != "":
		text = "from " + r.From
	}
	if len(r.Undone) > 0 {
		text += "; " + release.DescribeUndone(r.Undone)
	}
	return text
}
