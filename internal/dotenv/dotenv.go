// Package dotenv reads files of variables, such as .env: a line is NAME=value, as a shell reads it without commands.
//
// Values may be between quotes and then have several lines, and ${NAME} is a variable of the same file. No error has a part
// of the file, which may be a password.
package dotenv

import (
	"fmt"
	"strings"

	"github.com/joho/godotenv"
)

// An Error is the line of a file at which it cannot be read, from 1.
type Error struct{ Line int }

func (e *Error) Error() string {
	return fmt.Sprintf("line %d is not NAME=value, or its quote does not end", e.Line)
}

// Parse returns the variables of a file. Its error is an *Error.
func Parse(text string) (map[string]string, error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	values, err := parse(text)
	if err != nil {
		return nil, &Error{faultyLine(text)}
	}
	return values, nil
}

// parse is the library without its errors, which have parts of the text, and without its panics.
func parse(text string) (values map[string]string, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = &Error{}
		}
	}()
	return godotenv.Unmarshal(text)
}

// faultyLine returns the line at which the first statement that cannot be read begins.
func faultyLine(text string) int {
	lines := strings.SplitAfter(text, "\n")
	begin := 0
	for end := 1; end <= len(lines) && end-begin <= maxStatement; end++ {
		if _, err := parse(strings.Join(lines[begin:end], "")); err == nil {
			begin = end
		}
	}
	return min(begin+1, len(lines))
}

// maxStatement is how many lines are read for the end of one value, before it counts as one that does not end.
const maxStatement = 200
