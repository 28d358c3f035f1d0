package app

import "github.com/davit-dev/davit/runner/deploy/release"

// difference is what has to be changed so that a release runs.
func difference(r release.Release, applied release.Model, live release.Observed, ignore []string) release.Plan {
	return release.Compare(r.Model, applied, live, ignore)
}
