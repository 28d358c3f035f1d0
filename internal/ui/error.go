package ui

import (
	"errors"
	"io"

	"github.com/davit-dev/davit/internal/text"
)

// A Hinter is an error that knows the next command to type.
type Hinter interface{ Hint() string }

// Error prints an error as `error: …`, one line for each of several joined ones, and the hint of it or of an
// error that it wraps as `hint: …`.
func (s *Streams) Error(err error) {
	for _, one := range Split(err) {
		var h Hinter
		hint := ""
		if errors.As(one, &h) {
			hint = h.Hint()
		}
		s.ErrorText(one.Error(), hint)
	}
}

// Split returns the errors that errors.Join has joined. An error that wraps two in one sentence stays whole.
func Split(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, Split(one)...)
	}
	return all
}

// ErrorText prints an `error:` line and, unless it is empty, a `hint:` line.
func (s *Streams) ErrorText(text, hint string) {
	style := s.ErrStyle()
	s.message(style.bold(style.red("error:")), text, hint)
}

// Warning prints a `warning:` line and, unless it is empty, a `hint:` line.
func (s *Streams) Warning(text, hint string) {
	style := s.ErrStyle()
	s.message(style.bold(style.yellow("warning:")), text, hint)
}

func (s *Streams) message(label, sentence, hint string) {
	lines := label + " " + block(sentence) + "\n"
	if hint != "" {
		lines += s.ErrStyle().bold("hint:") + " " + block(hint) + "\n"
	}
	io.WriteString(s.err, lines)
}

// block cleans a message of one or several lines, and indents all but the first.
func block(lines string) string { return text.Block(lines, "  ") }
