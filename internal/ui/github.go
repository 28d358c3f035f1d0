package ui

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// github writes the workflow commands of GitHub Actions.
type github struct{}

func (github) open(title string, _ time.Time) string { return "::group::" + escapeData(title) + "\n" }
func (github) close(time.Time) string                { return "::endgroup::\n" }

// contain makes text of the commands in the output of a step that would end its group: those of other groups,
// and stop-commands, unless its token is one that can be given back. If the step has not done that, it is done
// here. The other commands go on working.
func (github) contain(output string) string {
	if !strings.Contains(output, "::") && !strings.Contains(output, "##[") {
		return output
	}
	var b strings.Builder
	token := ""
	for line := range lineEnds(output) {
		name, data := workflowCommand(line)
		switch {
		case name == "stop-commands" && token == "" && isStopToken(data):
			token = data
		case token != "" && strings.EqualFold(name, token):
			token = ""
		case slices.Contains(groupCommands, name):
			line = strings.Replace(line, "::", `\::`, 1)
		}
		b.WriteString(oldCommands().ReplaceAllString(line, `#\#[`+"$1"))
	}
	if token != "" {
		b.WriteString("::" + token + "::\n")
	}
	return b.String()
}

func (github) fault(step, why string) string {
	return "::error title=" + escapeProperty(step) + "::" + escapeData(step+": "+why) + "\n"
}

func (github) finding(e Event) string {
	place := "file=" + escapeProperty(e.File)
	if e.Line > 0 {
		place += fmt.Sprintf(",line=%d", e.Line)
	}
	if e.Column > 0 {
		place += fmt.Sprintf(",col=%d", e.Column)
	}
	level := "error"
	if e.Level == "warning" {
		level = e.Level
	}
	return "::" + level + " " + place + ",title=" + escapeProperty(clean(e.Step)) + "::" + escapeData(clean(e.Text)) + "\n"
}

// escapeData escapes the text of a workflow command:
// https://docs.github.com/actions/reference/workflow-commands.
func escapeData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

func escapeProperty(text string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(escapeData(text))
}

// lineEnds iterates over lines with their ends, as a runner reads them: a carriage return is one too.
func lineEnds(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			end := strings.IndexAny(text, "\r\n") + 1
			if end == 0 {
				end = len(text)
			}
			if !yield(text[:end]) {
				return
			}
			text = text[end:]
		}
	}
}

// workflowCommand returns the name of the command in a line in lower case, and its text; "" without one. The
// runner finds it in the same way.
func workflowCommand(line string) (name, data string) {
	line = strings.TrimRight(strings.TrimLeftFunc(line, unicode.IsSpace), "\r\n")
	line, is := strings.CutPrefix(line, "::")
	line, data, whole := strings.Cut(line, "::")
	if !is || !whole {
		return "", ""
	}
	name, _, _ = strings.Cut(line, " ")
	return strings.ToLower(name), data
}

// AddedMask returns the value that a line of output asks GitHub Actions to mask, as the command has it.
func AddedMask(line string) (value string, is bool) {
	name, data := workflowCommand(line)
	return data, name == "add-mask" && data != ""
}

// groupCommands are the commands of a runner that a step may not give.
var groupCommands = []string{"group", "endgroup", "stop-commands"}

// oldCommands finds the same in their old form, which a runner and its page find anywhere in a line.
var oldCommands = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)##\[(group|endgroup|stop-commands)`)
})

// otherCommands are the commands of a runner, which refuses them as tokens.
var otherCommands = []string{"internal-set-repo-path", "set-env", "set-output", "save-state", "add-path", "add-mask",
	"add-matcher", "remove-matcher", "warning", "error", "notice", "debug", "echo", "pause-logging"}

// isStopToken reports whether a token of stop-commands is one with which a line can start them again.
func isStopToken(token string) bool {
	name := strings.ToLower(token)
	return token != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_") == "" &&
		!slices.Contains(groupCommands, name) && !slices.Contains(otherCommands, name)
}
