package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// A FormError says that a record of davit cannot be read.
type FormError struct {
	fault.Precondition
	What, Reason string
}

func (e *FormError) Error() string { return e.What + " cannot be read: " + e.Reason }

// Hint returns the next thing to do.
func (e *FormError) Hint() string {
	if e.What == aPlan {
		return "davit plan ENV -o FILE makes a new one"
	}
	return "docker image inspect shows the record, an image of davit.local"
}

const (
	aRelease = "the record of a release"
	aRepair  = "the record of a heal"
	anAudit  = "an audit entry"
	aPlan    = "a plan"
)

// UnmarshalJSON reads a release strictly, and one of a newer format as far as it can: see Writable.
func (r *Release) UnmarshalJSON(text []byte) error {
	type plain Release
	format := formatOf(text)
	switch {
	case format > Format:
		decodeLeniently(text, (*plain)(r))
		return nil
	case format == 1:
		text = upgradeRelease(text)
	}
	if reason := DecodeStrictly(text, (*plain)(r)); reason != "" {
		return &FormError{What: aRelease, Reason: reason}
	}
	r.Format = format
	if reason := r.invalid(); reason != "" {
		return &FormError{What: aRelease, Reason: reason}
	}
	return nil
}

// UnmarshalJSON reads the record of a heal strictly, and one of a newer format as far as it can.
func (r *Repair) UnmarshalJSON(text []byte) error {
	type plain Repair
	switch format := formatOf(text); {
	case format > Format:
		decodeLeniently(text, (*plain)(r))
		return nil
	case format == 1:
		text = upgradeRepair(text)
	}
	if reason := DecodeStrictly(text, (*plain)(r)); reason != "" {
		return &FormError{What: aRepair, Reason: reason}
	}
	return nil
}

// UnmarshalJSON reads a plan strictly.
func (p *Plan) UnmarshalJSON(text []byte) error {
	type plain Plan
	if reason := DecodeStrictly(text, (*plain)(p)); reason != "" {
		return &FormError{What: aPlan, Reason: reason}
	}
	if reason := p.invalid(); reason != "" {
		return &FormError{What: aPlan, Reason: reason}
	}
	return nil
}

// DecodeStrictly reads JSON in which every key must be known. It returns one sentence about what is wrong;
// empty if nothing is.
func DecodeStrictly(text []byte, v any) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	var form *FormError
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &wrong) && wrong.Field == "":
		return "it is no JSON object, but of the kind " + wrong.Value
	case errors.As(err, &wrong):
		return fmt.Sprintf("%q has the wrong kind of value: %s", wrong.Field, wrong.Value)
	case errors.As(err, &form):
		return form.Reason
	case err != nil:
		return strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field", "unknown key", 1)
	case d.More():
		return "something follows after its end"
	}
	return ""
}

// invalid returns why a release is not valid; empty for a valid one.
func (r *Release) invalid() string {
	switch {
	case r.Number < 1:
		return fmt.Sprintf("its number is %d", r.Number)
	case r.Project == "" || r.Environment == "":
		return "it names no project or no environment"
	}
	for i, l := range r.Chain {
		if l.Number < 1 || l.Number >= r.Number || l.Digest == "" || i > 0 && l.Number >= r.Chain[i-1].Number {
			return fmt.Sprintf("its chain is out of order at release %d", l.Number)
		}
	}
	return ""
}

// invalid returns why a plan is not valid; empty for a valid one.
func (p *Plan) invalid() string {
	for _, c := range append(p.Changes[:len(p.Changes):len(p.Changes)], p.Retained...) {
		if c.Kind == "" || c.Subject == "" || c.Name == "" {
			return fmt.Sprintf(
				"a change is incomplete: kind %q, subject %q, name %q", c.Kind, c.Subject, c.Name)
		}
	}
	return ""
}
