package deploy_test

import (
	"strings"
	"testing"
)

// TestPlansShowHowConfigsChange: with their lines, and with the names of secrets.
func TestPlansShowHowConfigsChange(t *testing.T) {
	t.Parallel()
	file := func(level string) string {
		return "services: {web: {image: busybox, command: [sleep, \"9\"], configs: [{source: c, target: /etc/c}]}}\n" +
			"configs:\n  c:\n    content: |\n      user ann\n      password ${DB_PASSWORD}\n      level " + level + " $$1\n"
	}
	f := newFixture(t, "", file("one"))
	f.secrets = map[string]string{"DB_PASSWORD": "hunter2-hunter2"}
	f.deployed("dev")
	f.compose(file("two"))
	p, err := f.Propose(t.Context(), f.request("dev"), f.emit)
	f.must(err)
	if len(p.Configs) != 1 || p.Configs[0].Path != "/etc/c" ||
		!strings.Contains(p.Configs[0].Diff, "\n password ${DB_PASSWORD}\n-level one $1\n+level two $1\n") {
		t.Errorf("%+v", p.Configs)
	}
}
