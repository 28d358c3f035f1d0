package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/cmd/internal/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

type releasesCmd struct{ environmentArgs }

// Help is what davit releases --help says besides.
func (releasesCmd) Help() string {
	return `The newest first, and above each release what was healed of it since. A heal is no release: davit rollback does not return to one.`
}

// Run lists the releases of an environment, the newest first. With --json it prints an array of app.Standing.
func (cmd *releasesCmd) Run(ctx context.Context, c *call) error {
	return c.inEnvironments(ctx, "releases", cmd.environmentArgs, runOptions{}, func(e *deploy.Environments) error {
		name, _, err := cmd.parts(0)
		if err != nil {
			return err
		}
		all, err := e.Releases(ctx, name)
		if err != nil {
			return err
		}
		return c.printReleases(name, all)
	})
}

func (c *call) printReleases(environment string, all []deploy.ReleaseSummary) error {
	if c.options.JSON {
		return c.printJSON(all)
	}
	if len(all) == 0 {
		_, err := fmt.Fprintf(c.Streams.Out, "nothing has been deployed to %s\n", environment)
		return err
	}
	style := c.Streams.OutStyle()
	var rows [][]string
	for _, r := range all {
		rows = append(rows, c.healRows(r.Repairs)...)
		rows = append(rows, []string{strconv.Itoa(r.Number), string(r.Result), c.age(r.Time), r.By, orElse(commitOf(r.Release), "-"), remark(r.Release)})
		if c.options.Verbose {
			rows = append(rows, imageRows(r.Images)...)
		}
	}
	c.headed([]string{"RELEASE", "RESULT", "SINCE", "BY", "COMMIT"}, rows, func(row, col int, text string) string {
		switch {
		case col == 1 && text == string(release.Failed):
			return style.Red(text)
		case col == 1 && text == string(release.Pending):
			return style.Yellow(text)
		}
		return text
	})
	return nil
}

// imageRows are the images of a release, by which digest each is known.
func imageRows(images map[string]release.Image) (rows [][]string) {
	for _, service := range sorted(images) {
		i := images[service]
		words := []string{"     ", service, i.Name, i.Digest}
		if i.Source != "" {
			words = append(words, "(from "+i.Source+")")
		}
		rows = append(rows, []string{strings.Join(words, " ")})
	}
	return rows
}

// remark is what else there is to say of a release.
func remark(r release.Release) string {
	switch {
	case r.Reason != "":
		return r.Reason
	case r.Result == release.Pending:
		return "nobody has said how it ended"
	case r.Forced:
		return "from " + r.From + ", leaving out a rung of the ladder"
	case r.From != "":
		return "from " + r.From
	}
	return ""
}
