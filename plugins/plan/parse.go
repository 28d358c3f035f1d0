package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Parse parses the JSON form of a Plan and validates it. It is strict: an unknown key, a key twice, a key in
// another case, a wrong type or anything after the object is an error that names the step.
func Parse(data []byte) (*Plan, error) {
	if err := checkKeys(data); err != nil {
		return nil, err
	}
	var raw struct {
		Plan
		Tools map[string]json.RawMessage `json:"tools"`
		Steps map[string]json.RawMessage `json:"steps"`
	}
	if err := decode(data, &raw); err != nil {
		return nil, err
	}
	p := raw.Plan
	var err error
	if p.Tools, err = decodeEach[Tool]("tool", raw.Tools); err != nil {
		return nil, err
	}
	if p.Steps, err = decodeEach[Step]("step", raw.Steps); err != nil {
		return nil, err
	}
	return &p, p.Validate()
}

// ParseRequest parses the JSON form of a Request, as strictly as Parse.
func ParseRequest(data []byte) (*Request, error) {
	var r Request
	if err := decode(data, &r); err != nil {
		return nil, err
	}
	if r.API != API {
		return nil, fmt.Errorf("api is %d, wanted %d", r.API, API)
	}
	return &r, nil
}

func decodeEach[T any](noun string, raw map[string]json.RawMessage) (map[string]T, error) {
	if raw == nil {
		return nil, nil
	}
	out := make(map[string]T, len(raw))
	for id, data := range raw {
		var v T
		if err := decode(data, &v); err != nil {
			return nil, fmt.Errorf("%s %q: %w", noun, id, err)
		}
		out[id] = v
	}
	return out, nil
}

// decode decodes one JSON value into v. Unknown keys and anything after the value are errors.
func decode(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return readable(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("there is more after the JSON object")
	}
	return nil
}

// readable rewrites an error of encoding/json for the author of a plugin, who need not know Go.
func readable(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		return fmt.Errorf("key %q is a %s, which is the wrong type", wrong.Field, wrong.Value)
	case errors.Is(err, io.EOF):
		return errors.New("the answer is empty")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the JSON object is not closed")
	}
	return errors.New(strings.Replace(strings.TrimPrefix(err.Error(), "json: "), "unknown field",
		"unknown key", 1))
}

// checkKeys returns an error for keys that encoding/json accepts and a plan must not have: a key twice in one
// object, and one of our keys in another case.
func checkKeys(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	var open []*object
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return readable(err)
		}
		if open, err = enterToken(open, t); err != nil {
			return err
		}
	}
}

// An object is a JSON object or array that checkKeys is inside of.
type object struct {
	path  []string        // the keys from the root to the object
	seen  map[string]bool // nil for an array
	key   string          // the key whose value comes next
	value bool            // a value comes next, not a key
}

// maxDepth is how deep objects and arrays may be nested: twice as deep as in any plan. Deeper input is an
// attempt to be expensive.
const maxDepth = 16

func enterToken(open []*object, t json.Token) ([]*object, error) {
	top := len(open) - 1
	switch {
	case (t == json.Delim('{') || t == json.Delim('[')) && len(open) >= maxDepth:
		return nil, fmt.Errorf("it is nested more than %d deep", maxDepth)
	case t == json.Delim('{') || t == json.Delim('['):
		o := &object{}
		if t == json.Delim('{') {
			o.seen = map[string]bool{}
		}
		if top >= 0 {
			o.path = append(append(o.path, open[top].path...), open[top].key)
			open[top].value = false
		}
		return append(open, o), nil
	case t == json.Delim('}') || t == json.Delim(']'):
		return open[:top], nil
	case top < 0 || open[top].seen == nil:
		return open, nil
	case open[top].value:
		open[top].value = false
		return open, nil
	}
	return open, open[top].enter(t.(string))
}

func (o *object) enter(key string) error {
	if o.seen[key] {
		return fmt.Errorf("key %q appears twice in %s", key, o)
	}
	// The keys of the plan, and of each tool and step, are ours. Below these, keys are names such as those of
	// variables.
	if len(o.path)%2 == 0 && len(o.path) < 4 && key != strings.ToLower(key) {
		return fmt.Errorf("unknown key %q in %s", key, o)
	}
	o.seen[key], o.key, o.value = true, key, true
	return nil
}

func (o *object) String() string {
	if len(o.path) == 0 {
		return "the plan"
	}
	return fmt.Sprintf("%q", strings.Join(o.path, "."))
}
