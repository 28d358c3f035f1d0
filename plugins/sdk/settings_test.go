package sdk

import (
	"maps"
	"slices"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestSettingsAreValidInPlans(t *testing.T) {
	for _, tool := range slices.Sorted(maps.Keys(settingsOf)) {
		found := Settings(tool, tool)
		if slices.Sort(found); len(found) == 0 || len(slices.Compact(slices.Clone(found))) != len(found) {
			t.Errorf("%s: %q has a name twice, or none", tool, found)
		}
		p := plan.Plan{API: plan.API, Match: true, Steps: map[string]plan.Step{
			"run": {Op: plan.OpExec, Argv: []string{tool}, Settings: found},
		}}
		if err := p.Validate(); err != nil {
			t.Errorf("%s: %v", tool, err)
		}
	}
}

func TestSettingsOfTools(t *testing.T) {
	for tool, wanted := range map[string][]string{
		"go":    {"$GOENV", "~/.config/go/env", "$XDG_CONFIG_HOME/go/env", "../go.work"},
		"cargo": {"$CARGO_HOME/config.toml", "~/.cargo/config", "../.cargo/config.toml", "../Cargo.toml"},
		"npm":   {"~/.npmrc", "$NPM_CONFIG_USERCONFIG"},
		"pip":   {"$PIP_CONFIG_FILE", "~/.config/pip/pip.conf", "~/.pip/pip.conf"},
	} {
		for _, name := range wanted {
			if !slices.Contains(Settings(tool), name) {
				t.Errorf("%s lacks %s", tool, name)
			}
		}
	}
}
