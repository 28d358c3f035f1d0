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

type releasesCmd struct{ environmentArgs }

// Help returns the details for davit releases --help.
func (releasesCmd) Help() string {
	return `davit releases lists the newest release first. Heals are listed above the release that they restored; davit
rollback does not return to a heal.`
}

// Run lists the releases of an environment, the newest first. With --json it prints an array of
// deploy.ReleaseSummary.
func (cmd *releasesCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "releases", cmd.environmentArgs, runOptions{},
		func(e *deploy.Environments) error {
			name, _, err := cmd.parts("releases", 0)
			if err != nil {
				return err
			}
			all, err := e.Releases(ctx, name)
			if err != nil {
				return err
			}
			return c.result(all, func(p printer) { p.releases(name, all) })
		})
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
			cmp.Or(sourceOf(r.Release), "-"), remark(r.Release),
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
func remark(r release.Release) string {
	switch {
	case r.Invalid != "":
		return r.Invalid
	case r.Reason != "":
		return r.Reason
	case r.Result == release.Pending:
		return "in progress, or interrupted"
	case r.Forced:
		return "from " + r.From + ", forced with --force-skip"
	case r.From != "":
		return "from " + r.From
	}
	return ""
}
