package plugins

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// maxMessage is how many bytes of a plugin's message are shown.
const maxMessage = 2000

// An Error is a fault of a plugin, because of which it gave no plan.
type Error struct {
	// Plugin is the name of the plugin, Digest is the digest of its module.
	Plugin, Digest string
	// Reason is half a sentence: "exited with code 3: panic: …".
	Reason string
	// Said is what it wrote to standard error, made harmless to print.
	Said string
	// TooLong says that it used up its processor time.
	TooLong bool
}

func (e *Error) Error() string {
	return fmt.Sprintf("plugin %q (%s) %s", e.Plugin, blobs.Short(e.Digest), e.Reason)
}

// Hint returns how to go on without the plugin.
func (e *Error) Hint() string {
	why := "this is a bug in the plugin"
	if e.TooLong {
		why = "the project may be too large for it"
	}
	return fmt.Sprintf("%s; \"off = true\" under [plugins.%s] in project.toml goes on without it", why,
		e.Plugin)
}

// A BusyError says that a machine with much else to do did not get as far as an answer of a plugin. It is no
// fault of the plugin.
type BusyError struct {
	Plugin, Digest string
	// Used is the processor time that the plugin got while it was waited for.
	Used, Waited time.Duration
}

func (e *BusyError) Error() string {
	return fmt.Sprintf(
		"this machine is busy: plugin %q (%s) got %s of processor time in %s, and has no answer yet",
		e.Plugin, blobs.Short(e.Digest), e.Used.Round(time.Millisecond), e.Waited.Round(time.Millisecond))
}

// Hint returns what to do.
func (e *BusyError) Hint() string { return "try again when fewer programs run" }

// A LargeError says that a plugin wanted to list more files than Options.Entries. It is no fault of the
// plugin.
type LargeError struct {
	Plugin string
	tree.LargeError
}

func (e *LargeError) Error() string { return e.Plugin + ": " + e.LargeError.Error() }

// A MessageError is a message from a plugin to the user about their project, because of which it gave no
// plan.
type MessageError struct {
	Plugin string
	Text   string
}

func (e *MessageError) Error() string { return e.Plugin + ": " + e.Text }

// A PermissionError says that a step of a plugin would write what the plugin has no permission for.
type PermissionError struct {
	Plugin, Step string
	// Path is what the step would write; What is the rest of a sentence about it: "is a plugin of the project".
	Path, What string
	// Next is how to allow it, or "".
	Next string
}

func (e *PermissionError) Error() string {
	return fmt.Sprintf("plugin %q may not write %q in step %q, since that %s", e.Plugin, e.Path, e.Step, e.What)
}

// Hint returns how to allow it, or how to go on without the plugin.
func (e *PermissionError) Hint() string {
	if e.Next != "" {
		return e.Next
	}
	return fmt.Sprintf("off = true under [plugins.%s] in project.toml goes on without it", e.Plugin)
}

// An OutsideError says that the file of a plugin is a link out of the project, which is not followed: a repository
// could name any file of whoever looks at it.
type OutsideError struct{ Plugin, File string }

func (e *OutsideError) Error() string {
	return fmt.Sprintf("plugin %q cannot be loaded: %s is a link that leads out of the project", e.Plugin, e.File)
}

// Hint returns how to have the plugin, or to go on without it.
func (e *OutsideError) Hint() string {
	return fmt.Sprintf("copy the module into the project; off = true under [plugins.%s] in project.toml goes on without it", e.Plugin)
}

// An APIError says that a plugin has a later API than this davit knows.
type APIError struct {
	Plugin, Version string
	// API is that of the plugin.
	API int
	// Davit is the first davit that knows it, or "" if the plugin does not say it.
	Davit string
}

func (e *APIError) Error() string {
	return fmt.Sprintf("plugin %q %s has API %d, and this davit knows API %d", e.Plugin, e.Version, e.API, plan.API)
}

// Hint returns which davit loads the plugin.
func (e *APIError) Hint() string {
	if e.Davit == "" {
		return "install a later davit, or add an earlier version of the plugin"
	}
	return "install davit " + e.Davit + " or later, or add an earlier version of the plugin"
}

// IsFailure reports whether an error of Plan is about one plugin, so that the others may still answer.
func IsFailure(err error) bool {
	var fault *Error
	var message *MessageError
	var busy *BusyError
	var large *LargeError
	var denied *PermissionError
	var outside *OutsideError
	var pin *blobs.PinError
	var later *APIError
	return errors.As(err, &fault) || errors.As(err, &message) || errors.As(err, &busy) ||
		errors.As(err, &large) || errors.As(err, &denied) || errors.As(err, &outside) || errors.As(err, &pin) ||
		errors.As(err, &later)
}

// A NotBuiltError says why there are no built-in plugins.
type NotBuiltError struct{ Reason string }

func (e *NotBuiltError) Error() string { return e.Reason }

// Hint returns the command that builds them.
func (e *NotBuiltError) Hint() string {
	return "run \"make plugins\" in the sources of davit, then build davit again"
}

// clean returns text of a plugin that is safe to print: valid UTF-8, no control characters but line breaks,
// and not too long.
func clean(text []byte) string {
	s := strings.ToValidUTF8(string(text[:min(len(text), maxMessage)]), "\uFFFD")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\t", "    ")
	s = strings.TrimSpace(strings.Map(printable, s))
	if len(text) > maxMessage {
		s += " …"
	}
	return s
}

// SaidLines returns the lines of what a plugin wrote to standard error, without empty ones.
func SaidLines(said string) (lines []string) {
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func printable(r rune) rune {
	if r == '\n' || r == utf8.RuneError || unicode.IsGraphic(r) {
		return r
	}
	return -1
}
