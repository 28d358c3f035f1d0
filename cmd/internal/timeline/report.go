// Package timeline shows a past run of targets: as a table, as JSON, or as a page of HTML that needs nothing else. It is linked
// into davit-engine alone, since html/template is half a megabyte.
package timeline

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/davit-dev/davit/cmd/internal/app"
	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/ui"
)

// Report shows the last run of a project: on standard output or, unless it is "", in a file of HTML.
func Report(p *app.Project, s *ui.Streams, html string, json bool) error {
	run, err := app.LastRun(p)
	if err != nil {
		return err
	}
	if html != "" {
		if err := write(html, run); err != nil {
			return err
		}
	}
	switch {
	case json:
		return s.Encoder().Indented().Encode(run)
	case html != "":
		return s.Printf("%s shows the run of %s\n", html, when(run))
	}
	print(s, run)
	return nil
}

// write writes a page.
func write(file string, run *app.PastRun) error {
	var b bytes.Buffer
	if err := Page(&b, run); err != nil {
		return err
	}
	if err := atomicfile.Write(file, b.Bytes(), 0o644); err != nil {
		return fault.Preconditionf("name a file in a folder that you may write", "%q cannot be written: %v", file, err)
	}
	return nil
}

// print prints a table of the steps, each with its begin, its duration and why it ran.
func print(s *ui.Streams, run *app.PastRun) {
	style := s.OutStyle()
	_ = s.Printf("davit %s, %s: %s in %s\n\n", strings.Join(run.Targets, " "), when(run), run.Status, seconds(run.Seconds))
	var rows [][]string
	for _, step := range run.Steps {
		rows = append(rows, []string{at(step), took(step), verb(step.Status), step.ID, string(step.Where), reasons(step)})
	}
	s.Table(rows, func(row, col int, text string) ui.Text {
		if col < 2 {
			return style.Dim(text)
		}
		return style.Plain(text)
	})
}

func when(run *app.PastRun) string { return run.Time.Local().Format(time.DateTime) }

// verb returns a status as the summary of a run has it.
func verb(status string) string {
	switch status {
	case ui.StatusOK:
		return "ran"
	case ui.StatusNotRun:
		return "not run"
	}
	return status
}

// ran reports whether a step took time of the run.
func ran(step app.PastStep) bool {
	return step.Status == ui.StatusOK || step.Status == ui.StatusFailed || step.Status == ui.StatusCancelled || step.Status == ui.StatusRunning
}

// at returns when a step began, and took how long it ran; both are "" for one that did not run.
func at(step app.PastStep) string {
	if !ran(step) {
		return ""
	}
	return "+" + seconds(step.Start)
}

func took(step app.PastStep) string {
	if !ran(step) {
		return ""
	}
	return seconds(step.Seconds)
}

// reasons returns why a step ended as it did, and why it ran.
func reasons(step app.PastStep) string {
	all := step.Why
	if step.Reason != "" {
		all = append([]string{step.Reason}, all...)
	}
	return strings.Join(all, "; ")
}

// seconds formats a number of seconds.
func seconds(s float64) string {
	d := time.Duration(s * float64(time.Second))
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.2fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
}
