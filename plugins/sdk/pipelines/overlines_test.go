package pipelines

import (
	"slices"
	"testing"
)

func TestLoopsOverTheLinesOfAFile(t *testing.T) {
	files := project{"tests": "# all\n./a.sh\n\nmake b\n", "a.sh": "go test ./a\n", "Makefile": "b:\n\tgo test ./b\n", "names": "it's\n"}
	both := []string{"./a.sh", "go test ./a", "make b", "go test ./b"}
	for script, want := range map[string][]string{
		"while read t; do $t; done < tests":                                 both,
		"while IFS= read -r t || [ -n \"$t\" ]; do\n  $t\ndone < tests":     both,
		"cat tests | while read -r t; do\n  bash -c \"$t\" || exit 1\ndone": {"bash -c ./a.sh", "./a.sh", "go test ./a", "bash -c make b", "make b", "go test ./b"},
		"while read t; do $t; done < none":                                  {"$t"},
		"while read t; do x $t; done < names":                               {"x $t"},
	} {
		var got []string
		for _, c := range Follow(files, ".", script) {
			if words := c.Plain(); c.WorksOnCode() && !slices.Contains(got, words) {
				got = append(got, words)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, wanted %q", script, got, want)
		}
	}
}
