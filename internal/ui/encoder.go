package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/davit-dev/davit/internal/text"
)

// FormatVersion is the version of all JSON that davit prints: it changes when a member is removed or gets another
// meaning, and not when one is added.
const FormatVersion = 1

// An Encoder writes objects as JSON, each with the version of the format as its first member:
// {"version":1,"type":"run",…}.
type Encoder struct{ json *json.Encoder }

// Encoder returns an encoder of JSON on standard output. What a terminal or a CI system would follow is escaped; <, >
// and & stay readable, since nothing here is embedded in HTML.
func (s *Streams) Encoder() Encoder { return Encoder{plainEncoder(text.JSONWriter{W: s.out})} }

// Indented returns an encoder that writes an object over several lines.
func (e Encoder) Indented() Encoder {
	e.json.SetIndent("", "  ")
	return e
}

// Encode writes one object. A list that is nil is [] in it.
func (e Encoder) Encode(object any) error { return e.json.Encode(versioned{withLists(object)}) }

// A versioned is an object that is marshalled with the version of the format.
type versioned struct{ object any }

func (v versioned) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	if err := plainEncoder(&b).Encode(v.object); err != nil {
		return nil, err
	}
	members, ok := bytes.CutPrefix(b.Bytes(), []byte("{"))
	if !ok {
		return nil, fmt.Errorf("%T is no JSON object, which could have a version", v.object)
	}
	separator := ","
	if bytes.HasPrefix(members, []byte("}")) {
		separator = ""
	}
	return fmt.Appendf(nil, `{"version":%d%s%s`, FormatVersion, separator, members), nil
}

// plainEncoder returns an encoder that leaves <, > and & as they are.
func plainEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
