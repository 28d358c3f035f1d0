package history

import "github.com/davit-dev/davit/runner/deploy/release"

// wayBack is how many healthy releases a rollback needs: the current one, and one to go back to.
const wayBack = 2

// retention returns a function that is asked about the results of all releases, the newest first, and reports
// whether a release is kept: it is one of the newest, or of the newest healthy ones that a rollback needs, however
// few are to be kept. So releases that fail do not push out those that one would go back to.
func retention(keep int) func(release.Result) bool {
	all, healthy := 0, 0
	return func(result release.Result) bool {
		all++
		if result == release.Healthy {
			healthy++
		}
		return all <= keep || result == release.Healthy && healthy <= wayBack
	}
}
