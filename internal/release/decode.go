package release

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// version is that of the form of releases and of saved plans. Another one is refused: nobody could tell what it leaves out.
const version = 1

// Saved is a plan in a file: what it would do, and the release that it would make.
type Saved struct {
	Plan    Plan    `json:"plan"`
	Release Release `json:"release"`
}

// FormError says that a record of davit's cannot be read.
type FormError struct{ What, Reason string }

func (e *FormError) Error() string { return e.What + " cannot be read: " + e.Reason }

// ExitCode is that of what could not start.
func (e *FormError) ExitCode() int { return 2 }

// Hint is the next thing to do.
func (e *FormError) Hint() string {
	if e.What == "the saved plan" {
		return "make it again: davit plan ENV -o FILE"
	}
	return "a davit of another version may have made it; deploy again to have a new one: davit deploy ENV"
}

// Encode is a release as it is kept.
func (r Release) Encode() ([]byte, error) {
	return json.Marshal(struct {
		Version int     `json:"version"`
		Release Release `json:"release"`
	}{version, r})
}

// Decode reads a release strictly.
func Decode(text []byte) (Release, error) {
	var v struct {
		Version int     `json:"version"`
		Release Release `json:"release"`
	}
	reason := strictly(text, &v)
	if reason == "" {
		reason = oldness(v.Version)
	}
	if reason == "" {
		reason = v.Release.fault()
	}
	if reason != "" {
		return Release{}, &FormError{What: "the record of a release", Reason: reason}
	}
	return v.Release, nil
}

// Encode is a plan as it is saved.
func (s Saved) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(struct {
		Version int `json:"version"`
		Saved
	}{version, s}, "", "  ")
	return append(text, '\n'), err
}

// DecodeSaved reads a saved plan strictly.
func DecodeSaved(text []byte) (Saved, error) {
	var v struct {
		Version int `json:"version"`
		Saved
	}
	reason := strictly(text, &v)
	if reason == "" {
		reason = oldness(v.Version)
	}
	if reason == "" {
		reason = v.Saved.fault()
	}
	if reason != "" {
		return Saved{}, &FormError{What: "the saved plan", Reason: reason}
	}
	return v.Saved, nil
}

func oldness(v int) string {
	if v != version {
		return fmt.Sprintf("it has version %d, and this davit reads version %d", v, version)
	}
	return ""
}

// strictly says in one sentence why a text is not the JSON that is wanted.
func strictly(text []byte, v any) string {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var (
		wrong  *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends in the middle"
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is no JSON at line %d, %s", line(text, syntax.Offset), syntax)
	case errors.As(err, &wrong):
		return fmt.Sprintf("%q holds the wrong kind of value: wanted %s, got %s", wrong.Field, wrong.Type, wrong.Value)
	case err != nil:
		return err.Error()
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return "something follows it"
	}
	return ""
}

func line(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(offset, int64(len(text)))], []byte("\n"))
}

// fault is what no release has.
func (r Release) fault() string {
	switch {
	case r.Number < 1:
		return fmt.Sprintf("its number is %d", r.Number)
	case r.Project == "" || r.Environment == "":
		return "it names no project or no environment"
	case !slices.Contains([]string{Pending, Healthy, Failed}, r.Result):
		return fmt.Sprintf("its result is %q", r.Result)
	}
	return ""
}

// fault is what no plan has. Its release has no number and no result yet.
func (s Saved) fault() string {
	if s.Release.Project == "" || s.Release.Environment == "" {
		return "it names no project or no environment"
	}
	for _, c := range slices.Concat(s.Plan.Changes, s.Plan.Kept) {
		if !slices.Contains([]string{Create, Replace, Update, Delete}, c.Kind) || !slices.Contains([]string{"service", "network", "volume"}, c.What) || c.Name == "" {
			return fmt.Sprintf("it is to %q the %q %q", c.Kind, c.What, c.Name)
		}
	}
	return ""
}
