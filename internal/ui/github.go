package ui

import (
	"strings"
	"time"
)

// github writes the workflow commands of GitHub Actions.
type github struct{}

func (github) open(title string, _ time.Time) string { return "::group::" + escapeData(title) + "\n" }
func (github) close(time.Time) string                { return "::endgroup::\n" }

func (github) fault(step, why string) string {
	return "::error title=" + escapeProperty(step) + "::" + escapeData(step+": "+why) + "\n"
}

// escapeData escapes the text of a workflow command:
// https://docs.github.com/actions/reference/workflow-commands.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(text))
}
