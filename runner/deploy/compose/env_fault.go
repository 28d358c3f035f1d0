package compose

import (
	"bufio"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/dotenv"
	"github.com/davit-dev/davit/internal/regular"
)

// A variablesError says what is wrong with a file of variables. compose-go quotes the line in its errors, which may
// have a password: of the file, this has the name of a variable at most.
type variablesError struct {
	file         string
	line         int
	reason, next string
}

func (e *variablesError) Error() string { return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.reason) }

// inVariables is what compose-go says about a file of variables before its line.
var inVariables = regexp.MustCompile(`(?s)failed to read (.+?): `)

// explainVariables returns the error about a file of variables; nil if an error of compose-go is about another one.
func (s *source) explainVariables(err error) error {
	fault, own := errors.AsType[*variablesError](err)
	if m := inVariables.FindStringSubmatch(err.Error()); !own && m != nil && filepath.IsAbs(m[1]) {
		fault, own = s.faultIn(m[1]), true
	}
	if !own {
		return nil
	}
	return &FileError{File: s.relative(fault.file), Line: fault.line, Reason: fault.reason, Next: fault.next}
}

// faultIn returns the first fault of a file that compose-go cannot read.
func (s *source) faultIn(file string) *variablesError {
	text, err := regular.Read(file, regular.Config)
	if err != nil {
		return &variablesError{file: file, reason: "the file of variables cannot be read, " + fileReason(err)}
	}
	if fault := dotenv.FirstFault(string(text), s.lookup()); fault != nil {
		return &variablesError{file: file, line: fault.Line, reason: fault.Reason, next: fault.Next}
	}
	return &variablesError{file: file, reason: "it cannot be read as a file of variables",
		next: "each line is NAME=value; a value of several lines is between quotes"}
}

// rawFault returns the first fault of a text in the format "raw".
func rawFault(file, text string) *variablesError {
	lines := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	number := 0
	for number = 1; lines.Scan(); number++ {
		if reason := rawReason(lines.Text()); reason != "" {
			return &variablesError{file, number, reason, "each line is NAME=value, without quotes"}
		}
	}
	return &variablesError{file, number, "the line is too long", "lines have 64 KiB at most"}
}

// rawReason returns what is wrong with a line in the format "raw", or "".
func rawReason(line string) string {
	name, _, _ := strings.Cut(strings.TrimLeftFunc(line, unicode.IsSpace), "=")
	switch {
	case !utf8.ValidString(line):
		return "the line is not text in UTF-8"
	case strings.HasPrefix(name, "#") || strings.TrimSpace(line) == "":
		return ""
	case name == "":
		return "there is no name before the ="
	case strings.ContainsAny(name, " \t"):
		return "there is a blank in the name of a variable"
	}
	return ""
}

// lookup returns a function that finds the variables that the files are interpolated with.
func (s *source) lookup() dotenv.Lookup {
	all := map[string]string{}
	for _, one := range s.variables(nil) {
		name, value, _ := strings.Cut(one, "=")
		all[name] = value
	}
	for name, value := range s.known {
		all[name] = value
	}
	return func(name string) (string, bool) { value, has := all[name]; return value, has }
}
