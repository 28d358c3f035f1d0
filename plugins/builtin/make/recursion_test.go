package make

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

func TestCallsOfDavit(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"davit test", "test"}, {"@davit style test", "style test"},
		{"-./bin/davit --on host test", "host test"},
		{"go run ./cmd/davit test -- -v x", "test"},
		{"go run -race example.com/cmd/davit@latest build", "build"},
		{"cd x && davit test; echo done", "test"}, {"V=1 davit test", "test"},
		{"\"$(pwd)/bin/davit\" test", "test"}, {"(davit lint)", "lint"},
		{"davit.exe test", "test"}, {"davit-engine deploy dev", "deploy dev"}, {"{{davit}} test", "test"},
		{"go build -o bin/davit ./cmd/davit", ""}, {"echo davit test", ""}, {"cp bin/davit test", ""},
		{"davits test", ""}, {"mkdir davit.d test", ""},
	} {
		if got := strings.Join(taskfile.Calls([]string{c.line}, "davit"), " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.line, got, c.want)
		}
	}
}

func TestTargetsThatCallDavitForThemselvesAreNotOffered(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"for itself", "test:\n\tdavit test\n", ""},
		{"by another name", "lint:\n\tdavit style\n", ""},
		{"through a prerequisite", "test: t2\nt2:\n\tdavit test\n", ""},
		{"through make", "a:\n\t$(MAKE) b\nb:\n\tdavit a\n", ""},
		{"through each other", "a:\n\tdavit b\nb:\n\tdavit a\n", ""},
		{"by a variable", "D = go run ./cmd/davit\na:\n\t$D $@\nb: b.sh\n\t$(D) c\n", "b"},
		{"for others", "ci:\n\tdavit style test\n", "ci"},
		{"for a part", "test: test-unit\ntest-unit:\n\tdavit test-unit\n", "test"},
	} {
		if got := strings.Join(makeNames(c.text), " "); got != c.want {
			t.Errorf("%s: got %q, wanted %q", c.name, got, c.want)
		}
	}
}
