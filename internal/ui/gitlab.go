package ui

import (
	"fmt"
	"strings"
	"time"
)

// gitlab writes the collapsible sections of GitLab CI. Their names must differ within a job.
type gitlab struct {
	sections int
	name     string
}

func (g *gitlab) open(title string, at time.Time) string {
	g.sections++
	g.name = fmt.Sprintf("davit_%d_%s", g.sections, strings.Map(sectionRune, title))
	return fmt.Sprintf("\x1b[0Ksection_start:%d:%s\r\x1b[0K%s\n", at.Unix(), g.name, title)
}

func (g *gitlab) close(at time.Time) string {
	return fmt.Sprintf("\x1b[0Ksection_end:%d:%s\r\x1b[0K\n", at.Unix(), g.name)
}

// contain makes text of the marks of sections in the output of a step.
func (*gitlab) contain(output string) string {
	return strings.NewReplacer("section_start:", `section\_start:`, "section_end:", `section\_end:`).Replace(output)
}

// fault returns "": GitLab has no annotation, and the section of the step is open.
func (*gitlab) fault(string, string) string { return "" }

// finding returns "": GitLab shows what it reads of reports.
func (*gitlab) finding(Event) string { return "" }

func sectionRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
		strings.ContainsRune("_.-", r) {
		return r
	}
	return '_'
}
