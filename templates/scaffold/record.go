package scaffold

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/strict"
)

// RecordFile is the file in which a project remembers its template.
const RecordFile = ".davit/template.toml"

// A Record is what a project remembers of its template.
type Record struct {
	// Template is the name of a built-in template, the path of a folder (absolute, or relative to the project), the reference
	// of a published one, or the name that a convention has for it.
	Template string `toml:"template" json:"template"`
	// From is the reference of the convention that brings it.
	From string `toml:"from" json:"from,omitempty"`
	// Pin is the digest of what is published.
	Pin string `toml:"pin" json:"pin,omitempty"`
	// Version is the one that the project was made from, or has been moved to.
	Version int `toml:"version" json:"template_version"`
	// Digest is that of the version.
	Digest string `toml:"digest" json:"digest"`
	// Answers are those of the questions, as text.
	Answers Answers `toml:"answers" json:"answers"`
}

// ParseRecord parses a record.
func ParseRecord(data []byte) (*Record, error) {
	r := &Record{}
	if err := strict.Decode(RecordFile, data, r); err != nil {
		return nil, err
	}
	if r.Template == "" || r.Version < 1 {
		return nil, strict.At(RecordFile, data, nil, "davit new writes this file", "template and version are missing")
	}
	return r, nil
}

// Format returns the file.
func (r *Record) Format() string {
	var b strings.Builder
	fmt.Fprintf(&b, `# The template that this project was made from. davit upgrade moves it to the newest version, with the answers below.
template = %s
version = %d
digest = %s
`, quote(r.Template), r.Version, quote(r.Digest))
	for _, key := range []struct{ name, value string }{{"from", r.From}, {"pin", r.Pin}} {
		if key.value != "" {
			fmt.Fprintf(&b, "%s = %s\n", key.name, quote(key.value))
		}
	}
	b.WriteString("\n[answers]\n")
	for _, name := range slices.Sorted(maps.Keys(r.Answers)) {
		fmt.Fprintf(&b, "%s = %s\n", name, quote(r.Answers[name]))
	}
	return b.String()
}

// Record returns what a project remembers of a template that it names in this way.
func (t *Template) Record(name string, answers Answers) *Record {
	return &Record{Template: name, Version: t.Version, Digest: t.Digest, Answers: answers}
}
