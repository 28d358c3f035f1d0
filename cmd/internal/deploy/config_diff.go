package deploy

import (
	"strings"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A ConfigDiff is how the text of a config of a service changes, with secrets as "${NAME}".
type ConfigDiff struct {
	Service, Path string
	// Diff is unified.
	Diff string
}

// configDiffs returns how the texts of configs change that a plan names.
func configDiffs(plan release.Plan, before, after release.Release) (all []ConfigDiff) {
	for _, c := range plan.Changes {
		for _, f := range c.Fields {
			path, is := strings.CutPrefix(f.Path, "configs.")
			if !is || f.Drift || c.Subject != release.SubjectService {
				continue
			}
			old, had := before.ConfigTexts(c.Name)[path]
			text, has := after.ConfigTexts(c.Name)[path]
			if had && has && old != text {
				all = append(all, ConfigDiff{c.Name, path, ui.Unified(path, []byte(old), path, []byte(text))})
			}
		}
	}
	return all
}
