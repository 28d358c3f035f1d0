package runner

import (
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// A Past is what is remembered of a step in a run.
type Past struct {
	// Reasons are why it ran, as in an Explanation; none if it did not.
	Reasons []string
	// Run is when the step ended whose result is meant: in the run, or before it.
	Run time.Time
	// Output is what the step printed then, if its result is stored.
	Output string
}

// PastOf returns what is remembered of a step in a run of a checkout that began and ended at these times.
func PastOf(store *cache.Store, project, step string, begin, end time.Time) (past Past) {
	c := Cached(nil, nil, store, CacheOptions{Project: project})
	this, ok := c.lastRecord(step, end)
	if !ok {
		return past
	}
	past.Run = this.Time
	if this.Time.Before(begin) {
		past.Output = c.said(this)
		return past
	}
	l := &lookup{Cache: c, f: this.Fingerprint, why: this.Why}
	switch before, ok := c.lastRecord(step, this.Time.Add(-1)); {
	case ok:
		past.Reasons = before.reasons(l)
	case this.Why != "":
		past.Reasons = []string{this.Why}
	default:
		past.Reasons = []string{"it has not been run here before"}
	}
	return past
}

// said returns what the step of a record printed, if its result is stored.
func (c *Cache) said(r record) string {
	var stored entries
	var text strings.Builder
	if c.store.Load(r.Key, &stored) && len(stored.Entries) > 0 {
		c.replay(stored.Entries[0], func(e ui.Event) { text.WriteString(e.Text) })
	}
	return text.String()
}
