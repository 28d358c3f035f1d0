package host

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
)

// A ScriptError says that the script of a step cannot be run.
type ScriptError struct {
	fault.Precondition
	Step   string
	File   string // that has the script, at the line and column; "" if they are those of the script
	Line   uint
	Column uint
	Text   string
	Next   string
}

func (e *ScriptError) Error() string {
	if e.File != "" {
		return fmt.Sprintf("%s:%d:%d: script of step %q: %s", e.File, e.Line, e.Column, e.Step, e.Text)
	}
	return fmt.Sprintf("step %q: line %d, column %d of its script: %s", e.Step, e.Line, e.Column, e.Text)
}

// Hint returns what can be done, or "".
func (e *ScriptError) Hint() string { return e.Next }

// checkScript refuses a script that sh does not accept, before anything runs. The parser asks first, since it
// takes no time and knows the line and the column; a script that it does not accept is refused if sh agrees.
// Without sh, what the interpreter cannot do is refused too.
func (r *Runner) checkScript(ctx context.Context, s runner.Step) error {
	sh, ok := r.sh()
	file, err := parse(s)
	switch {
	case !ok && err == nil:
		return r.unsupported(s, file)
	case err == nil || ok && r.accepts(ctx, sh, s):
		return nil
	}
	return err
}

// parse parses a script of the POSIX shell. Its error is a *ScriptError.
func parse(s runner.Step) (*syntax.File, error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(s.Plan.Script),
		s.ID)
	if err == nil {
		declare(file)
		return file, nil
	}
	fault := &ScriptError{Step: s.ID, Line: 1, Column: 1, Text: err.Error()}
	if at, ok := errors.AsType[syntax.ParseError](err); ok {
		fault.Line, fault.Column, fault.Text = at.Pos.Line(), at.Pos.Col(), at.Text
	} else if at, ok := errors.AsType[syntax.LangError](err); ok {
		fault.Line, fault.Column, fault.Text = at.Pos.Line(), at.Pos.Col(), at.Feature+
			" are not part of the POSIX shell"
	}
	return nil, fault
}
