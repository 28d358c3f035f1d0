// Package dotenv reads files of variables, such as .env, as Compose does: a statement is NAME=value, a value may be
// between quotes and then have several lines, and ${NAME} is a variable of the caller or one that is set above.
//
// No error has a part of a value, which may be a password.
package dotenv

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/compose-spec/compose-go/v2/template"
)

// Lookup returns the value of a variable that counts before those of the file.
type Lookup = func(name string) (value string, set bool)

// An Error is the first statement of a file that cannot be read.
type Error struct {
	Line int // from 1
	// Reason is what is wrong with it, and Next what to do.
	Reason, Next string
}

func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Reason) }

const form = "each line is NAME=value; a value of several lines is between quotes"

// Parse adds the variables of a file to those that files before it have set. In place of an empty value, a reference to a
// variable that nothing sets is an error. The error is an *Error.
func Parse(text string, variables map[string]string, lookup Lookup) error {
	for _, one := range Statements(text) {
		if err := one.setStrictly(variables, lookup); err != nil {
			return err
		}
	}
	return nil
}

// FirstFault returns the first statement that Compose cannot read; nil if it reads the file.
func FirstFault(text string, lookup Lookup) *Error {
	variables := map[string]string{}
	for _, one := range Statements(text) {
		if err := one.Set(variables, lookup); err != nil {
			return one.fault(err)
		}
	}
	return nil
}

// Set adds its variable to those that the statements before it have set, as Compose does. Its error has the text of the
// file.
func (s Statement) Set(variables map[string]string, lookup Lookup) error {
	one, err := dotenv.UnmarshalWithLookup(s.text, within(variables, lookup))
	maps.Copy(variables, one)
	return err
}

// within returns a function that finds variables of lookup, and else those of a map.
func within(variables map[string]string, lookup Lookup) Lookup {
	return func(name string) (string, bool) {
		if value, set := lookup(name); set {
			return value, true
		}
		value, set := variables[name]
		return value, set
	}
}

// No variable of a process is longer than maxValue on Linux. With maxReferences it keeps values that repeat those before
// them from filling the memory.
const maxReferences, maxValue = 100, 128 << 10

// setStrictly adds its variable as Set does, and refuses what a process cannot get and what Compose leaves out.
func (s Statement) setStrictly(variables map[string]string, lookup Lookup) error {
	switch {
	case strings.Contains(s.text, "\x00"):
		return &Error{s.Line, "there is a NUL byte in it, which no variable can have", form}
	case strings.Count(s.text, "$") > maxReferences:
		return &Error{s.Line, "too many variables in " + s.value(), "single quotes keep the $"}
	}
	s.text = strings.TrimSuffix(s.text, "\n") + "\n" // without one, a name alone counts as a value
	unset := false
	err := s.Set(variables, func(name string) (string, bool) {
		value, set := within(variables, lookup)(name)
		if !set && s.RefersTo(name) {
			unset = true
			return "", true
		}
		return value, set
	})
	switch {
	case err != nil:
		return s.fault(err)
	case unset:
		return &Error{s.Line, s.value() + " has a $ before what is no variable that is set",
			"single quotes keep the $, and ${NAME:-} is empty where NAME is not set"}
	case len(variables[s.Name]) > maxValue:
		return &Error{s.Line, s.value() + " is longer than 128 KiB", "name a file in its place"}
	}
	return nil
}

// fault returns what is wrong with a statement that cannot be read, and what to do.
func (s Statement) fault(err error) *Error {
	_, invalid := errors.AsType[*template.InvalidTemplateError](err)
	_, required := errors.AsType[*template.MissingRequiredError](err)
	switch text := err.Error(); {
	case s.follows:
		return &Error{s.Line, "there is text behind the closing quote of " + s.variable(),
			"for a quote within a value, put the value between quotes of the other kind, or write a backslash before it"}
	case invalid:
		return &Error{s.Line, s.value() + " has a $ that begins no variable", "single quotes keep the $"}
	case required:
		return &Error{s.Line, s.value() + " needs a variable that is not set", "set it in the environment, or above in the file"}
	case strings.Contains(text, "unterminated quoted value"):
		return &Error{s.Line, "the quote of " + s.variable() + " does not end", "end the value with the quote that it begins with"}
	case strings.Contains(text, "key cannot contain a space"):
		return &Error{s.Line, "there is a blank in the name of a variable", form}
	}
	return &Error{s.Line, "the line does not begin with the name of a variable", form}
}

// variable names its variable, in a message.
func (s Statement) variable() string {
	if s.Name == "" {
		return "a value"
	}
	return s.Name
}

// value names its value, in a message.
func (s Statement) value() string { return "the value of " + s.variable() }
