package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/host"
)

// Prepare prepares the steps. The error about a script of project.toml names the line there.
func (a *advising) Prepare(ctx context.Context, steps []runner.Step) (runner.Versions, error) {
	versions, err := a.Runner.Prepare(ctx, steps)
	if e, ok := errors.AsType[*host.ScriptError](err); ok && strings.HasPrefix(e.Step, ownProvider+":") {
		text, _ := os.ReadFile(filepath.Join(a.project.Root.Dir, project.File))
		s, _ := a.job.Graph.Step(e.Step)
		if line, column := positionIn(string(text), s.Plan.Script, int(e.Line), int(e.Column)); line > 0 {
			e.File, e.Line, e.Column = project.File, uint(line), uint(column)
		}
	}
	return versions, err
}

// positionIn returns the line and column in a text of a place in a script that the text has in it once; 0 if it has not.
func positionIn(text, script string, line, column int) (int, int) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	at := strings.Index(text, script)
	if script == "" || at < 0 || at != strings.LastIndex(text, script) {
		return 0, 0
	}
	if line == 1 {
		column += at - strings.LastIndex(text[:at], "\n") - 1
	}
	return strings.Count(text[:at], "\n") + line, column
}
