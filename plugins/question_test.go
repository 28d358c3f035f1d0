package plugins

import (
	"slices"
	"testing"
)

func TestAPluginGetsTheValueThatAProcessWouldGet(t *testing.T) {
	t.Parallel()
	env := []string{"TEAM=callers", "OTHER=x", "TEAM=davits", "ZERO=a\x00b"}
	got := grantedEnv(env, []string{"ZERO", "TEAM", "ABSENT"})
	if want := []string{"TEAM=davits"}; !slices.Equal(got, want) {
		t.Errorf("the plugin gets %q, want %q", got, want)
	}
}
