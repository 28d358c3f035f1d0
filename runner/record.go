package runner

import (
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// A record describes a run of a step in this checkout, for Explain.
type record struct {
	Time        time.Time   `json:"time"`
	Status      string      `json:"status"`
	Key         string      `json:"key"`
	Note        string      `json:"note,omitempty"` // why the result was not kept
	Why         string      `json:"why,omitempty"`  // why a stored result was not reused
	Tests       *ui.Tests   `json:"tests,omitempty"`
	Fingerprint fingerprint `json:"fingerprint"`
}

// records are when the last runs of a step in this checkout ended, the newest first. Each has a record.
type records struct {
	Times []time.Time `json:"times"`
}

// maxRecords is how many runs of each step are remembered.
const maxRecords = 20

func (c *Cache) recordsKey(id string) string { return cache.Key("step-records", c.o.Project, id) }

func (c *Cache) recordKey(id string, at time.Time) string {
	return cache.Key("step-record", c.o.Project, id, at.UTC().Format(time.RFC3339Nano))
}

// record remembers a run, once under its time.
func (c *Cache) record(s Step, r record) {
	c.store.Save(c.recordKey(s.ID, r.Time), r)
	var known records
	c.store.Load(c.recordsKey(s.ID), &known)
	if slices.ContainsFunc(known.Times, r.Time.Equal) {
		return
	}
	known.Times = append([]time.Time{r.Time}, known.Times...)
	if len(known.Times) > maxRecords {
		for _, old := range known.Times[maxRecords:] {
			c.store.Drop(c.recordKey(s.ID, old))
		}
		known.Times = known.Times[:maxRecords]
	}
	c.store.Save(c.recordsKey(s.ID), known)
}

// lastRecord returns the record of the last run of a step that ended no later than a time; the zero time is no
// limit.
func (c *Cache) lastRecord(id string, until time.Time) (r record, ok bool) {
	var known records
	c.store.Load(c.recordsKey(id), &known)
	for _, at := range known.Times {
		if until.IsZero() || !at.After(until) {
			return r, c.store.Load(c.recordKey(id, at), &r)
		}
	}
	return r, false
}
