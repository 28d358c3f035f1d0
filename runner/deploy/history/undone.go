package history

import (
	"time"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// Undone is what a release has undone that is still pending.
type Undone struct {
	Number int            `json:"release"`
	Time   time.Time      `json:"time"` // of the release
	Ways   []release.Undo `json:"ways"`
}

// rememberUndone keeps on this machine what a pending release has undone. An engine takes longer to write its record, and
// a way down does not run twice where davit is killed meanwhile.
func (h *History) rememberUndone(r release.Release) {
	if h.Seen == nil || r.Result != release.Pending || len(r.Undone) == 0 {
		return
	}
	if seen, err := h.Seen.Load(); err == nil && seen.Number > 0 {
		seen.Undone = &Undone{r.Number, r.Time, r.Undone}
		_ = h.Seen.Save(seen) // the record says it too
	}
}

// addUndone adds to the newest of releases, if it is pending, what this machine knows that it has undone.
func (h *History) addUndone(all []release.Release) []release.Release {
	if h.Seen == nil || len(all) == 0 || all[0].Result != release.Pending {
		return all
	}
	seen, err := h.Seen.Load()
	if u := seen.Undone; err == nil && u != nil && u.Number == all[0].Number && u.Time.Equal(all[0].Time) && len(u.Ways) > len(all[0].Undone) {
		all[0].Undone = u.Ways
	}
	return all
}
