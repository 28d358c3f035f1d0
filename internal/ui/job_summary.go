package ui

import (
	"cmp"
	"os"
	"slices"
	"strings"
)

// jobSummary is a display that also adds a table of the run to the page of a job in GitHub Actions: Markdown, at the
// end of the file that GITHUB_STEP_SUMMARY names.
type jobSummary struct {
	Display
	file    string
	streams *Streams
	tally   *tally
	title   string
}

func newJobSummary(d Display, s *Streams, file string) Display {
	return &jobSummary{Display: d, file: file, streams: s, tally: newTally(), title: "davit"}
}

func (j *jobSummary) Event(e Event) {
	switch {
	case e.Type == EventRun:
		j.title = strings.Join(append([]string{"davit"}, e.Targets...), " ")
	case e.Type == EventStep && finished(e.Status):
		j.tally.add(e)
	case e.Type == EventEnd:
		j.write(e)
	}
	j.Display.Event(e)
}

// write adds the table of a run that ended with e. A file that cannot be written is no reason to fail.
func (j *jobSummary) write(e Event) {
	f, err := os.OpenFile(j.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err == nil {
		_, err = f.WriteString(j.markdown(e))
		err = cmp.Or(err, f.Close())
	}
	if err != nil {
		j.streams.Warning("the summary of the job cannot be written: "+err.Error(), "")
	}
}

// markdown returns the table: the steps that failed come first.
func (j *jobSummary) markdown(e Event) string {
	var b strings.Builder
	b.WriteString("### " + escapeMarkdown(j.title+": "+j.tally.verdict(e, Style{})) + "\n\n| | step | |\n| --- | --- | --- |\n")
	for _, kind := range slices.Backward(summaryParts) {
		for _, row := range j.tally.rows(kind.status, kind.word) {
			b.WriteString("| " + row[0] + " | " + escapeMarkdown(row[1]) + " | " + escapeMarkdown(row[2]) + " |\n")
		}
	}
	for _, caveat := range e.Caveats {
		b.WriteString("\nnote: " + escapeMarkdown(caveat) + "\n")
	}
	return b.String() + "\n"
}

// escapeMarkdown returns text in one line, of which nothing is Markdown or HTML:
// https://spec.commonmark.org/0.31.2/#backslash-escapes.
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range oneLine(text) {
		if r < 0x7f && strings.ContainsRune("\\`*_{}[]<>()#+!|~&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
