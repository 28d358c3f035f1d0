package plan

import "testing"

func TestOutdated(t *testing.T) {
	t.Parallel()
	const cargo, npm = "Updating {name} v{current} -> v{newest}", "{}:{name}@{newest}:{}@{current}:"
	for _, test := range []struct{ form, line, want string }{
		{cargo, "    Updating serde v1.0.1 -> v1.0.2 (available: v2.0.0)", "serde 1.0.1 1.0.2"},
		{cargo, "    Updating crates.io index", ""},
		{cargo, "", ""},
		{"newer {name} {current} {newest}", "newer example.com/a v1.0.0 v1.1.0", "example.com/a v1.0.0 v1.1.0"},
		{"newer {name} {current} {newest}", "newer  v1.0.0 v1.1.0", ""},
		{"newer {name} {current} {newest}", "go: downloading example.com/a v1.1.0", ""},
		{npm, "/p/node_modules/ms:ms@2.1.3:ms@2.0.0:ms@2.1.3:p", "ms 2.0.0 2.1.3"},
		{npm, "/p/node_modules/@a/b:@a/b@1.1.0:@a/b@1.0.0:@a/b@2.0.0:p", "@a/b 1.0.0 1.1.0"},
		{npm, ":ms@2.1.3:MISSING:ms@2.1.3:p", ""},
		{"- Updating {name} ({current} -> {newest})", "  - Updating idna (3.6 -> 3.7)", "idna 3.6 3.7"},
	} {
		got := ""
		if name, current, newest, ok := (&Outdated{Line: test.form}).Parse(test.line); ok {
			got = name + " " + current + " " + newest
		}
		if got != test.want {
			t.Errorf("%q in %q: %q, wanted %q", test.form, test.line, got, test.want)
		}
	}
}
