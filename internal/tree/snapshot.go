package tree

import "slices"

// A Snapshot is the sums of some files at one time.
type Snapshot map[string]Sum

// Diff returns the files of before that are missing or different in after, as git sees it, sorted. A file that
// was only touched is not among them.
func (before Snapshot) Diff(after Snapshot) []string {
	var changed []string
	for name, sum := range before {
		if now, there := after[name]; !there || !now.same(sum) {
			changed = append(changed, name)
		}
	}
	slices.Sort(changed)
	return changed
}
