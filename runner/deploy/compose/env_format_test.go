package compose

import (
	"slices"
	"testing"
)

// TestRawEnvFile: with format raw, quotes and dollar signs are part of the value.
func TestRawEnvFile(t *testing.T) {
	m := load(t, "-- compose.yaml --\nservices:\n  a:\n    image: x\n    env_file: [{path: raw.env, format: raw}]\n"+
		"-- raw.env --\n# no value\nA=$HOME 'q' #x\n")
	if got := *m.real.Services["a"].Environment["A"]; got != "$HOME 'q' #x" {
		t.Errorf("got %q", got)
	}
}

// TestVariablesInFilesOfVariables: one that nobody has set is reported with file and line, and without a part of a password.
func TestVariablesInFilesOfVariables(t *testing.T) {
	m := load(t, "-- compose.yaml --\nservices:\n  a:\n    image: x\n    env_file: [db.env]\n    environment: {DOT: \"${DOT}\"}\n"+
		"-- .env --\nDOT=abc$defghi\nOTHER=1$defghi\nLAST=\"x\n$defghi$foo\"\n-- db.env --\nBASE=x\nURL=$BASE/${BASE}\nD=${NONE:-d}\nQ='pa$w0rd'\nDB_PASSWORD=hunter2$Xk9long\n")
	const rest = " has a $ before what is no variable that is set: it counts as empty; single quotes keep the $"
	want := []string{
		".env:1: the value of DOT" + rest, ".env:2: the value of OTHER" + rest, ".env:3: the value of LAST" + rest, "db.env:5: the value of DB_PASSWORD" + rest,
	}
	if !slices.Equal(m.unset, want) {
		t.Errorf("%q", m.unset)
	}
}
