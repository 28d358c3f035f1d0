package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// Error says what is wrong with a Compose file.
type Error struct {
	fault.Precondition
	// File is relative to the project where it is in it; Line counts from 1, and is 0 where nobody knows.
	File string
	Line int
	// Path in the file: "services.web.ports".
	Path   string
	Reason string
	Next   string
	cause  error
}

func (e *Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return strings.Join(slices.DeleteFunc([]string{at, e.Path, e.Reason}, func(s string) bool { return s == "" }), ": ")
}

func (e *Error) Unwrap() error { return e.cause }

// Hint is the next thing to do.
func (e *Error) Hint() string { return e.Next }

func sentence(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// list is `"a", "b"`.
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, ", ")
}

// plain is what is wrong with a file, without its name.
func plain(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
