package project

import (
	"strings"
	"testing"
)

// A project.toml that was checked out with the line ends of Windows has the scripts of the same file with
// those of Unix. What a script says itself, it keeps.
func TestALineEndOfTheFileIsNoneOfAScript(t *testing.T) {
	const text = `[targets.one]
run = """
if true; then
	cat << END
a
END
fi
printf 'b\r\n' \
	c
"""
[targets.two]
run = '''
echo "a\r\n"
'''
`
	for _, data := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
		p, err := Parse([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		one, _ := p.Targets["one"].Step()
		if want := "if true; then\n\tcat << END\na\nEND\nfi\nprintf 'b\r\n' c\n"; one.Script != want {
			t.Errorf("got %q, wanted %q", one.Script, want)
		}
		two, _ := p.Targets["two"].Step()
		if want := "echo \"a\\r\\n\"\n"; two.Script != want {
			t.Errorf("got %q, wanted %q", two.Script, want)
		}
	}
}
