package python

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/sdktest"
)

// In the golden plans, "CHECK", "SELECTED" and "COUNTED" stand for the programs of check.py, selected.py and unittest.go,
// which are the same in all of them.
func TestPlans(t *testing.T) { sdktest.Golden(t, readable, "testdata") }

func readable(p *sdk.Project) (*plan.Plan, error) {
	answer, err := Read(p)
	if answer == nil {
		return nil, err
	}
	for id, s := range answer.Steps {
		if s.Provides != nil {
			for i, word := range s.Provides.Check {
				s.Provides.Check[i] = strings.ReplaceAll(word, checkScript(), "CHECK")
			}
		}
		s.Script = strings.ReplaceAll(s.Script, sdk.Quote(selectedProgram()), "SELECTED")
		s.Script = strings.ReplaceAll(s.Script, sdk.Quote(countsTests), "COUNTED")
		answer.Steps[id] = s
	}
	return answer, err
}
