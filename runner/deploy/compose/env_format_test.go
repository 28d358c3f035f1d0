package compose

import "testing"

// TestRawEnvFile: with format raw, quotes and dollar signs are part of the value.
func TestRawEnvFile(t *testing.T) {
	m := load(t, "-- compose.yaml --\nservices:\n  a:\n    image: x\n    env_file: [{path: raw.env, format: raw}]\n"+
		"-- raw.env --\n# no value\nA=$HOME 'q' #x\n")
	if got := *m.real.Services["a"].Environment["A"]; got != "$HOME 'q' #x" {
		t.Errorf("got %q", got)
	}
}
