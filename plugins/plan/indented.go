package plan

import (
	"bytes"
	"encoding/json"
)

// Indented returns the plan as JSON for people, without HTML escapes: the form of golden files.
func (p *Plan) Indented() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(p)
	return b.Bytes(), err
}
