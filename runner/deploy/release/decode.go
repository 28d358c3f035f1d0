package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/davit-dev/davit/internal/fault"
)

// FormError says that a record of davit's cannot be read.
type FormError struct {
	fault.Precondition
	What, Reason string
}

func (e *FormError) Error() string { return e.What + " cannot be read: " + e.Reason }

// Hint is the next thing to do.
func (e *FormError) Hint() string {
	if e.What == aPlan {
		return "make it again: davit plan ENV -o FILE"
	}
	return "a newer davit may have written it, and can read it"
}

const (
	aRelease = "the record of a release"
	aPlan    = "a plan"
)

// UnmarshalJSON reads a release strictly, wherever it stands: what this davit does not know might be what matters.
func (r *Release) UnmarshalJSON(text []byte) error {
	type plain Release
	if reason := strictly(text, (*plain)(r)); reason != "" {
		return &FormError{What: aRelease, Reason: reason}
	}
	if reason := r.fault(); reason != "" {
		return &FormError{What: aRelease, Reason: reason}
	}
	return nil
}

// UnmarshalJSON reads a plan strictly.
func (p *Plan) UnmarshalJSON(text []byte) error {
	type plain Plan
	if reason := strictly(text, (*plain)(p)); reason != "" {
		return &FormError{What: aPlan, Reason: reason}
	}
	if reason := p.fault(); reason != "" {
		return &FormError{What: aPlan, Reason: reason}
	}
	return nil
}

// strictly says in one sentence why a text is not what is wanted.
func strictly(text []byte, v any) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return fmt.Sprintf("%q holds the wrong kind of value: wanted %s, got %s", wrong.Field, wrong.Type, wrong.Value)
	case err != nil:
		return err.Error()
	}
	return ""
}

// fault is what no release has. One that is only planned has no result yet.
func (r *Release) fault() string {
	switch {
	case r.Number < 1:
		return fmt.Sprintf("its number is %d", r.Number)
	case r.Project == "" || r.Environment == "":
		return "it names no project or no environment"
	case !slices.Contains([]string{"", Pending, Healthy, Failed}, r.Result):
		return fmt.Sprintf("its result is %q", r.Result)
	}
	return ""
}

// fault is what no plan has.
func (p *Plan) fault() string {
	for _, c := range slices.Concat(p.Changes, p.Retained) {
		if !slices.Contains([]string{Create, Replace, Update, Delete}, c.Kind) || !slices.Contains([]string{"service", "network", "volume"}, c.Subject) || c.Name == "" {
			return fmt.Sprintf("it is to %q the %q %q", c.Kind, c.Subject, c.Name)
		}
	}
	return ""
}
