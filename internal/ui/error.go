package ui

import (
	"errors"
	"io"
	"strings"
)

// A Hinter is an error that knows the next command to type.
type Hinter interface{ Hint() string }

// Error prints an error as `error: …`, one line for each of several joined ones, and the hint of it or of an
// error that it wraps as `hint: …`.
func (s *Streams) Error(err error) {
	for _, one := range split(err) {
		var h Hinter
		hint := ""
		if errors.As(one, &h) {
			hint = h.Hint()
		}
		s.ErrorText(one.Error(), hint)
	}
}

// split returns the errors that errors.Join has joined. An error that wraps two in one sentence stays whole.
func split(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, split(one)...)
	}
	return all
}

// ErrorText prints an `error:` line and, unless it is empty, a `hint:` line.
func (s *Streams) ErrorText(text, hint string) {
	style := s.ErrStyle()
	s.message(style.Bold(style.Red("error:")), text, hint)
}

// Warning prints a `warning:` line and, unless it is empty, a `hint:` line.
func (s *Streams) Warning(text, hint string) {
	style := s.ErrStyle()
	s.message(style.Bold(style.Yellow("warning:")), text, hint)
}

func (s *Streams) message(label, text, hint string) {
	lines := label + " " + paragraph(text) + "\n"
	if hint != "" {
		lines += s.ErrStyle().Bold("hint:") + " " + paragraph(hint) + "\n"
	}
	io.WriteString(s.Err, lines)
}

// paragraph cleans a message of one or several lines, and indents all but the first.
func paragraph(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\r\n"), "\n")
	for i, line := range lines {
		lines[i] = clean(strings.ReplaceAll(strings.TrimRight(line, "\r"), "\t", "    "))
	}
	return strings.Join(lines, "\n  ")
}
