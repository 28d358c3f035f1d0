package ui

import (
	"fmt"
	"io"
	"reflect"

	"github.com/davit-dev/davit/internal/text"
)

// A Text is text that may be printed as it is: it has been cleaned, and coloured after that. Any other string
// counts as somebody else's.
type Text struct{ text string }

// String returns the text.
func (t Text) String() string { return t.text }

// Lines returns a text of several lines, each of them cleaned and all but the first behind the indent.
func Lines(indent, lines string) Text { return Text{text.Block(lines, indent)} }

// A constant is a string of davit's own: only one that stands in the code becomes a constant by itself.
type constant string

// Printf prints on standard output, as fmt.Printf does. Strings, errors and what has a method String are
// cleaned and stay within one line; only a Text is printed as it is.
func (s *Streams) Printf(format constant, args ...any) error {
	_, err := fmt.Fprintf(s.out, string(format), cleaned(args)...)
	return err
}

// Tracef prints a message on standard error for those who want to see what davit does.
func (s *Streams) Tracef(format string, args ...any) {
	lines := block("davit: " + fmt.Sprintf(format, args...))
	_, _ = io.WriteString(s.err, s.ErrStyle().dim(lines)+"\n") // there is nowhere else to say it
}

// cleaned returns arguments of Printf of which each string has been cleaned.
func cleaned(args []any) []any {
	all := make([]any, len(args))
	for i, arg := range args {
		all[i] = cleanArgument(arg)
	}
	return all
}

func cleanArgument(arg any) any {
	switch a := arg.(type) {
	case Text:
		return a.text
	case string:
		return clean(a)
	case error:
		return clean(a.Error())
	case fmt.Stringer:
		return clean(a.String())
	}
	switch v := reflect.ValueOf(arg); v.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return arg
	case reflect.String:
		return clean(v.String())
	}
	return clean(fmt.Sprint(arg))
}
