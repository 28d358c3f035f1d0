package ini

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	f := Parse("lost = 1\n[a]\nOne = 1\ntwo:\n    x  # why\n\n    y\n# c\n; c\n[ b:c ]\nthree = x=y\nempty =\n  [not.a.section]\n")
	want := File{"a": {"one": "1", "two": "\nx  # why\ny"},
		" b:c ": {"three": "x=y", "empty": "\n[not.a.section]"}}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("got %q, wanted %q", f, want)
	}
	if got := f.Lines("a", "two"); !reflect.DeepEqual(got, []string{"x", "y"}) {
		t.Errorf("lines: got %q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("lost = 1\n[a]\nOne = 1\ntwo:\n    x  # why\n[]\n")
	f.Fuzz(func(t *testing.T, text string) {
		for section, keys := range Parse(text) {
			for key := range keys {
				for _, line := range Parse(text).Lines(section, key) {
					if line == "" {
						t.Errorf("%s.%s: an empty line", section, key)
					}
				}
			}
		}
	})
}
