package compose

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/regular"
)

// A FileError says what is wrong with a Compose file.
type FileError struct {
	fault.Precondition
	// File is relative to the project where it is in it. Line counts from 1, and is 0 where nobody knows it.
	File string
	Line int
	// Path is the one in the file: "services.web.ports".
	Path   string
	Reason string
	Next   string
	cause  error
}

func (e *FileError) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return strings.Join(slices.DeleteFunc([]string{at, e.Path, e.Reason},
		func(s string) bool { return s == "" }), ": ")
}

func (e *FileError) Unwrap() error { return e.cause }

// Hint returns the next thing to do.
func (e *FileError) Hint() string { return e.Next }

// list returns `"a", "b"`.
func list(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(quoted, ", ")
}

// fileReason returns what is wrong with a file, without its name.
func fileReason(err error) string {
	if odd, is := errors.AsType[*regular.Error](err); is {
		return odd.Reason
	}
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
