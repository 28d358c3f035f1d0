package cli

import (
	"context"
	"regexp"
	"sync"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

type ciCmd struct {
	System string `arg:"" enum:"github,gitlab,woodpecker" help:"github, gitlab or woodpecker"`
	Write  bool   `xor:"what" help:"Write the file that the system reads, and show what changes"`
	Check  bool   `xor:"what" help:"Exit with 3 if that file is not the pipeline that is printed, and show the difference"`
}

// Help returns the details for davit ci --help.
func (ciCmd) Help() string {
	return `It prints a pipeline of what this project offers: style, security, tests with reports, build, package, publish, and a
deploy for each of [environments], with an approval unless that has confirm = false. docs/ci.md says what is in it.

  davit ci github --write        .github/workflows/davit.yml
  davit ci gitlab --write        .gitlab-ci.yml
  davit ci woodpecker --write    .woodpecker/davit.yaml

A file that davit has not written is left alone.`
}

// Run prints a pipeline, writes it, or compares it with the file.
func (cmd *ciCmd) Run(ctx context.Context, c *call) error {
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	environments, err := c.environments(p, app.Request{}).All()
	if err != nil {
		return err
	}
	f, err := p.PipelineFile(cmd.System, releaseTag(), environments)
	if err != nil {
		return err
	}
	return c.generated(ctx, p, f, cmd.Write, cmd.Check)
}

// generated prints a file that davit generates, writes it, or compares it with what is there. With --json it prints an
// app.GeneratedFile.
func (c *call) generated(ctx context.Context, p *app.Project, f *app.GeneratedFile, write, check bool) error {
	switch {
	case write:
		return c.writeGenerated(ctx, p, f)
	case check && f.State != app.FileCurrent:
		return c.behind(f)
	case check && !c.options.JSON:
		return nil
	}
	return c.result(f, func(out printer) { out.Own().Write([]byte(f.Text)) })
}

// writeGenerated writes a file, unless it is as it should be.
func (c *call) writeGenerated(ctx context.Context, p *app.Project, f *app.GeneratedFile) error {
	job, err := p.GeneratedJob(f)
	if err != nil {
		return err
	}
	display := c.display()
	defer display.Close()
	return p.WriteGenerated(ctx, job, app.Request{Kill: c.kill}, display.Event)
}

// behind shows what differs in a file, and returns the error that ends davit with 3.
func (c *call) behind(f *app.GeneratedFile) error {
	err := c.result(f, func(out printer) {
		out.Patch("", ui.Unified("a/"+f.File, f.Now, "b/"+f.File, []byte(f.Text)))
		switch f.State {
		case app.FileForeign:
			out.Warning(f.File+" is not a file that "+f.Command+" has written", "")
		case app.FileAbsent:
			out.Warning("there is no "+f.File, f.Command+" --write writes it")
		default:
			out.Warning(f.File+" is behind", f.Command+" --write writes it")
		}
	})
	if err != nil {
		return err
	}
	return &app.SilentError{Code: fault.Pending}
}

// releaseForm is the form of the versions of releases.
var releaseForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^v\d+\.\d+\.\d+$`) })

// releaseTag returns the tag of the release that this davit is of, or "" if it is none.
func releaseTag() string {
	if releaseForm().MatchString(version()) {
		return version()
	}
	return ""
}
