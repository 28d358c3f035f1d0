package recipes

import "testing"

// TestVerdicts is about the outcome of "t" by which a script fails: "f" for failure, "s" for success, "-" for neither.
func TestVerdicts(t *testing.T) {
	for _, c := range []struct{ script, errexit, line, plain string }{
		{"t", "f", "f", "f"},
		{"t\na", "f", "f", "-"},
		{"t; a", "f", "-", "-"},
		{"! t", "s", "s", "s"},
		{"! t\na", "-", "s", "-"},
		{"! a | t", "s", "s", "s"},
		{"a | t", "f", "f", "f"},
		{"t | a", "-", "-", "-"},
		{"t && a", "f", "f", "f"},
		{"t && a\nb", "-", "f", "-"},
		{"t && exit 1", "s", "s", "s"},
		{"t && exit 1\nb", "s", "s", "s"},
		{"t && { echo; exit 1; }; b", "s", "s", "s"},
		{"a && t && exit 1; b", "s", "s", "s"},
		{"t || exit 1; a", "f", "f", "f"},
		{"t || (echo no && exit 1)\na", "f", "f", "f"},
		{"t || { echo no; exit 1; }", "f", "f", "f"},
		{"t || die no; a", "f", "f", "f"},
		{"t || true", "-", "-", "-"},
		{"t || echo no", "-", "-", "-"},
		{"t || a", "-", "-", "-"},
		{"t || exit 0", "-", "-", "-"},
		{"-t", "-", "-", "-"},
		{"t &", "-", "-", "-"},
		{"if t; then exit 1; fi; a", "s", "s", "s"},
		{"if ! t; then echo; exit 1; fi; a", "f", "f", "f"},
		{"if t; then echo; else exit 1; fi", "f", "f", "f"},
		{"if t; then a; fi", "-", "-", "-"},
		{"if t; then a || exit 1; fi", "-", "-", "-"},
		{"if a; then t; fi", "f", "f", "f"},
		{"if t; then a; elif b; then exit 1; fi", "-", "-", "-"},
		{"if a; then b; elif t; then exit 1; fi", "s", "s", "s"},
		{"if a && t; then exit 1; fi", "s", "s", "s"},
		{"if t; then if a; then exit 1; fi; fi", "-", "-", "-"},
		{"while t; do a; done", "-", "-", "-"},
		{"until t; do sleep 1; done", "-", "-", "-"},
		{"for f in *; do t || bad=1; done; exit $bad", "f", "f", "f"},
		{"for f in *; do t || echo no; done", "-", "-", "-"},
		{"for f in *; do if t; then bad=1; fi; done; [ $bad = 0 ]", "s", "s", "s"},
		{"trap 'exit 0' EXIT; t", "-", "-", "-"},
		{"x=$(t); a", "-", "-", "-"},
		{"f() { t; }; f", "f", "f", "f"},
		{"f() { t; }", "-", "-", "-"},
		{"set +e\nt\na", "-", "f", "-"},
		{"set -e\nt\na", "f", "f", "f"},
		{"case $x in a) t ;; esac", "f", "f", "f"},
	} {
		for shell, want := range map[Shell]string{Errexit: c.errexit, EachLine: c.line, Plain: c.plain} {
			got := "-"
			verdicts := Verdicts(shell, c.script)
			for i, one := range CommandsOf(shell, ".", c.script) {
				if one.Words[0] == "t" {
					got = string("-fs"[verdicts[i].Outcome])
				}
			}
			if got != want {
				t.Errorf("%q in shell %d: got %q, want %q", c.script, shell, got, want)
			}
		}
	}
}

func TestSourcesOfVerdicts(t *testing.T) {
	for script, want := range map[string]string{
		"t a": "", "a b | t": "a b", "a | b | t": "b a", `t -z "$(a b)"`: "a b", "x=$(a b)\nt $x": "a b", "x=$(a)\ny=$(b \"$x\")\nt $y": "b $x a",
		"t <(a) <(b)": "a b", "a > out\nt want out": "a out", "a | tee out\nt < out": "tee out a", "x=1\nt $x": "", "a $(b) | t": "a $(b) b",
	} {
		got := ""
		verdicts := Verdicts(Errexit, script)
		for i, one := range CommandsOf(Errexit, ".", script) {
			for _, words := range verdicts[i].Sources {
				if one.Words[0] == "t" {
					for _, w := range words {
						if w != ">" {
							got += " " + w
						}
					}
				}
			}
		}
		if got != "" {
			got = got[1:]
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
}
