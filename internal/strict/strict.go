// Package strict decodes TOML and refuses every unknown key at its line, as encoding/json does with
// DisallowUnknownFields.
//
// It is the only importer of a TOML library. Its errors are one sentence for the author of the file, with
// file, line and column, and a hint if a known key is similar to the unknown one.
package strict

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/suggest"
)

// An Error is a fault of a file: "project.toml:7:3: unknown key "tragets"".
type Error struct {
	fault.Precondition
	File         string
	Line, Column int // from 1; 0 where the fault has no place of its own
	Reason       string
	hint         string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Reason
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Reason)
}

// Hint returns what the author should do, or "".
func (e *Error) Hint() string { return e.hint }

// Decode reads the TOML in data into the struct that v points to. The error is an *Error, or several of them
// joined.
func Decode(file string, data []byte, v any) error {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // which some editors put in front of UTF-8
	// TOML lets a parser choose what a line end within a string is. A script has to be the same wherever the
	// file was checked out.
	data = bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	d := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	err := d.Decode(v)
	var missing *toml.StrictMissingError
	var fault *toml.DecodeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &missing):
		return unknown(file, v, missing)
	case errors.As(err, &fault):
		line, column := fault.Position()
		return &Error{File: file, Line: line, Column: column, Reason: reason(fault, v)}
	}
	return &Error{File: file, Reason: strings.TrimPrefix(err.Error(), "toml: ")}
}

// Peek decodes the keys that v has, and ignores all others and whatever is wrong with the rest of a file: what a later
// version of a format keeps can be read of a file that is refused.
func Peek(data []byte, v any) { _ = toml.Unmarshal(bytes.TrimPrefix(data, []byte("\ufeff")), v) }

// At returns an error about the value of a key of the file, for rules that types cannot express.
func At(file string, data []byte, key []string, hint, format string, args ...any) *Error {
	e := &Error{File: file, Reason: fmt.Sprintf(format, args...), hint: hint}
	for ; len(key) > 0 && e.Line == 0; key = key[:len(key)-1] { // a key of an inline table is where the table is
		e.Line, e.Column = locate(data, key)
	}
	return e
}

func unknown(file string, v any, missing *toml.StrictMissingError) error {
	var faults []error
	for i := range missing.Errors {
		fault := &missing.Errors[i]
		key := firstUnknown(v, fault.Key())
		e := &Error{File: file, Reason: fmt.Sprintf("unknown key %q", key[len(key)-1])}
		if len(key) > 1 {
			e.Reason += " in [" + strings.Join(key[:len(key)-1], ".") + "]"
		}
		e.Line, e.Column = fault.Position()
		if near := suggest.Nearest(key[len(key)-1], keysAt(v, key[:len(key)-1])); len(near) > 0 {
			e.hint = fmt.Sprintf("did you mean %q?", near[0])
		}
		faults = append(faults, e)
	}
	return errors.Join(faults...)
}

// reason returns the message of go-toml for a reader who knows TOML and not Go.
func reason(fault *toml.DecodeError, v any) string {
	text := strings.TrimPrefix(fault.Error(), "toml: ")
	if _, wrong, found := strings.Cut(text, "cannot decode "); found {
		what, _, _ := strings.Cut(wrong, " into ")
		if key := fault.Key(); len(key) > 0 {
			return fmt.Sprintf("%q has the wrong type: got %s%s", strings.Join(key, "."), strings.TrimPrefix(what, "TOML "), wanted(v, key))
		}
		return "wrong type: got " + strings.TrimPrefix(what, "TOML ")
	}
	return text
}
