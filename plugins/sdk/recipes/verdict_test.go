package recipes

import "testing"

// TestVerdict is about what a failure of "t" in a script means: "" if it ends the script.
func TestVerdict(t *testing.T) {
	const none, next = FailureIgnored, hiddenByNext
	for _, c := range []struct{ script, errexit, line, plain string }{
		{"t", "", "", ""},
		{"t\necho", "", "", next},
		{"t; echo", "", next, next},
		{"t && echo", "", "", ""},
		{"t && echo\necho", next, "", next},
		{"a && t\necho", "", "", next},
		{"a && t; echo", "", next, next},
		{"t || true", none, none, none},
		{"t || echo no", none, none, none},
		{"t || (echo no; exit 1)", "", "", ""},
		{"t || { echo no; exit 1; }", "", "", ""},
		{"t || exit 1; echo", "", "", ""},
		{"t || exit 0", none, none, none},
		{"t && a || echo no", none, none, none},
		{"t || retry", "", "", ""},
		{"t &\necho", hiddenByGround, hiddenByGround, hiddenByGround},
		{"t & wait $!", "", "", ""},
		{"t & wait", hiddenByGround, hiddenByGround, hiddenByGround},
		{"trap 'exit 0' EXIT; t", hiddenByTrap, hiddenByTrap, hiddenByTrap},
		{"trap 'rm -f x' EXIT; t", "", "", ""},
		{"! t", hiddenByNot, hiddenByNot, hiddenByNot},
		{"cd a && t && echo ok; exit", "", "", ""},
		{"t | tee log", hiddenByPipe, hiddenByPipe, hiddenByPipe},
		{"set -o pipefail; t | tee log", "", "", ""},
		{"set +e\nt\necho", next, "", next},
		{"set +e; t; rc=$?; exit $rc", "", "", ""},
		{"set -e; t; echo", "", "", ""},
		{"set -eu\nt\necho", "", "", ""},
		{"-t", none, none, none},
		{"@-t", none, none, none},
		{"(cd a && t)", "", "", ""},
		{"(t); echo", "", next, next},
		{"for d in a b; do (cd $d && t); done", "", hiddenByLoop, hiddenByLoop},
		{"for d in a b; do (cd $d && t) || exit 1; done", "", "", ""},
		{"if t; then echo; fi", none, none, none},
		{"if ! t; then exit 1; fi", "", "", ""},
		{"if [ x ]; then t; else echo; fi", "", "", ""},
		{"if [ x ]; then t; fi; echo", "", next, next},
		{"f() { t; }\nf", "", "", ""},
		{"x=$(t); echo", "", next, next},
	} {
		for shell, want := range map[Shell]string{Errexit: c.errexit, EachLine: c.line, Plain: c.plain} {
			got := ""
			for _, one := range CommandsOf(shell, ".", c.script) {
				if one.Words[0] == "t" && got == "" {
					got = one.Ignored + one.Hidden
				}
			}
			if got != want {
				t.Errorf("%q in shell %d: got %q, want %q", c.script, shell, got, want)
			}
		}
	}
}

// TestCondition is about scripts that may not run "t".
func TestCondition(t *testing.T) {
	for script, want := range map[string]string{
		"t":                                     "",
		"if [ -n \"$CI\" ]; then t; fi":         "[ -n $CI ]",
		"if [ x ]; then a; else t; fi":          "not [ x ]",
		"if [ x ]; then a; fi; t":               "",
		"if [ x ]\nthen\n\tt\nfi":               "[ x ]",
		"if command -v go; then t; fi":          "command -v go",
		"[ -n \"$CI\" ] || exit 0\nt":           "[ -n $CI ]",
		"if [ -z \"$CI\" ]; then exit 0; fi\nt": "not [ -z $CI ]",
		"[ x ] || exit 1\nt":                    "",
		"[ x ] && t":                            "",
		"[ x ] && t\na":                         "[ x ]",
		"[ x ] && t || true":                    "[ x ]",
		"[ x ] || t":                            "not [ x ]",
		"cd a && t":                             "",
		"case $1 in\nx) t ;;\nesac":             "case $1 in",
		"for d in a b; do t; done":              "",
	} {
		got := ""
		for _, one := range Commands(".", script) {
			if one.Words[0] == "t" {
				got = one.Condition
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", script, got, want)
		}
	}
}
