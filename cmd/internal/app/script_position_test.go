package app

import "testing"

func TestAScriptHasAPositionInItsFile(t *testing.T) {
	for _, c := range []struct {
		text, script             string
		line, column             int
		wantedLine, wantedColumn int
	}{
		{"[targets.a]\nrun = \"\"\"\necho a\nif then\n\"\"\"\n", "echo a\nif then\n", 2, 1, 4, 1},
		{"[targets.a]\r\nrun = \"if then\"\r\n", "if then", 1, 1, 2, 8},
		{"[targets.a]\nrun = \"a\\tb\"\n", "a\tb", 1, 1, 0, 0},
		{"run = \"x\"\nrun = \"x\"\n", "x", 1, 1, 0, 0},
	} {
		if line, column := positionIn(c.text, c.script, c.line, c.column); line != c.wantedLine || column != c.wantedColumn {
			t.Errorf("%q: got %d:%d", c.text, line, column)
		}
	}
}
