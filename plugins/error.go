package plugins

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxMessage is how many bytes of a plugin's message are shown.
const maxMessage = 2000

// An Error is a fault of a plugin, because of which it gave no plan.
type Error struct {
	// Plugin is the name of the plugin, Digest is the digest of its module.
	Plugin, Digest string
	// Reason is half a sentence: "exited with code 3: panic: …".
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("plugin %q (%s) %s", e.Plugin, Short(e.Digest), e.Reason)
}

// Hint returns how to go on without the plugin.
func (e *Error) Hint() string {
	return fmt.Sprintf(
		"this is a bug in the plugin; \"off = true\" under [plugins.%s] in project.toml goes on without it",
		e.Plugin)
}

// A MessageError is a message from a plugin to the user about their project, because of which it gave no
// plan.
type MessageError struct {
	Plugin string
	Text   string
}

func (e *MessageError) Error() string { return e.Plugin + ": " + e.Text }

// A NotBuiltError says why there are no built-in plugins.
type NotBuiltError struct{ Reason string }

func (e *NotBuiltError) Error() string { return e.Reason }

// Hint returns the command that builds them.
func (e *NotBuiltError) Hint() string {
	return "run \"make plugins\" in the sources of davit, then build davit again"
}

// Short returns a digest in a short form for people: "sha256:0123456789ab".
func Short(digest string) string { return digest[:min(len(digest), len("sha256:")+12)] }

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

func printable(r rune) rune {
	if r == '\n' || r == utf8.RuneError || unicode.IsGraphic(r) {
		return r
	}
	return -1
}
