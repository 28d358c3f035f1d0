package python

import (
	"strings"
	"testing"
)

func TestUnittestStartsWhereItFindsTheTests(t *testing.T) {
	for files, want := range map[string]string{
		"tests/test_a.py other/test_b.py":                        "discover -s other; discover -s tests",
		"tests/test_a.py":                                        "discover -s tests",
		"tests/unit/test_a.py":                                   "discover -s tests/unit",
		"tests/__init__.py tests/test_a.py tests/unit/test_b.py": "discover -s .; discover -s tests/unit",
		"a/__init__.py a/tests/__init__.py a/tests/test_a.py b/__init__.py b/test_b.py": "discover",
		"test_a.py x/b_test.py":   "discover -s .; discover -s x",
		"x/b_test.py y/c_test.py": "discover -s x -p *_test.py; discover -s y -p *_test.py",
	} {
		all := strings.Fields(files)
		suite := &tests{runner: "unittest"}
		for _, name := range all {
			if strings.Contains(name, "test_") || strings.Contains(name, "_test") {
				suite.files = append(suite.files, name)
			}
		}
		var got []string
		for _, argv := range suite.calls(&project{py: all}) {
			got = append(got, strings.Join(argv[3:], " "))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: got %s, wanted %s", files, strings.Join(got, "; "), want)
		}
	}
}
