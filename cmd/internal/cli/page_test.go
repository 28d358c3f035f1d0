package cli_test

import (
	"os"
	"strings"
	"testing"
)

// TestThePageForPluginAuthorsIsTyped checks that the script published/new types the commands of the page for the authors of
// plugins, in their order.
func TestThePageForPluginAuthorsIsTyped(t *testing.T) {
	script := fileText(t, "testdata/published/new.txtar")
	_, page, _ := strings.Cut(fileText(t, "../../../docs/plugins.md"), "## From an idea to a published plugin\n")
	page, _, found := strings.Cut(page, "\n### ")
	commands := 0
	for i, block := range strings.Split(page, "```\n") {
		if i%2 == 0 {
			continue // text between two blocks
		}
		for _, line := range strings.Split(strings.TrimSpace(block), "\n") {
			typed := strings.ReplaceAll(line, "registry.example.com", "$REGISTRY")
			if strings.HasPrefix(line, "davit ") {
				typed = "exec " + typed
			}
			var before bool
			if _, script, before = strings.Cut(script, "\n"+typed); !before {
				t.Errorf("the script does not type %q, or not behind the commands before it", line)
			}
			commands++
		}
	}
	if !found || commands == 0 {
		t.Error("the page has no commands")
	}
}

func fileText(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
