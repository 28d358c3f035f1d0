package plugins

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage is how many bytes of what a plugin says are shown.
const maxMessage = 2000

// Error is why a plugin gave no plan: a fault of the plugin itself.
type Error struct {
	// Plugin is its name, Digest that of the module.
	Plugin, Digest string
	// Reason is half a sentence: "exited with code 3: panic: …".
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("plugin %q (%s) %s", e.Plugin, Short(e.Digest), e.Reason)
}

// Hint is how to go on without the plugin.
func (e *Error) Hint() string {
	return fmt.Sprintf("this is a bug in the plugin; \"off = true\" under [plugins.%s] in project.toml goes on without it", e.Plugin)
}

// MessageError is why a plugin gave no plan in its own words, which are for the user and about their project.
type MessageError struct {
	Plugin string
	Text   string
}

func (e *MessageError) Error() string { return e.Plugin + ": " + e.Text }

// NotBuiltError is why there are no built-in plugins.
type NotBuiltError struct{ Reason string }

func (e *NotBuiltError) Error() string { return e.Reason }

// Hint is the command that builds them.
func (e *NotBuiltError) Hint() string {
	return "run \"make plugins\" in the sources of davit, then build davit again"
}

// Short is a digest for a reader: "sha256:0123456789ab".
func Short(digest string) string { return digest[:min(len(digest), len("sha256:")+12)] }

// clean makes what a plugin says fit to be shown: valid, without control characters but the ends of lines, and not too long.
func clean(text []byte) string {
	s := strings.ToValidUTF8(string(text[:min(len(text), maxMessage)]), "\uFFFD")
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\t", "    ")
	s = strings.TrimSpace(strings.Map(printable, s))
	if len(text) > maxMessage {
		s += " …"
	}
	return s
}

func printable(r rune) rune {
	if r == '\n' || r == utf8.RuneError || unicode.IsGraphic(r) {
		return r
	}
	return -1
}

// firstLine is the first line with something in it.
func firstLine(text []byte) string {
	line, _, _ := strings.Cut(clean(text), "\n")
	return line
}
