package runner

import (
	"time"

	"github.com/davit-dev/davit/internal/cache"
)

// A record describes the last run of a step in this checkout, for Explain.
type record struct {
	Time        time.Time   `json:"time"`
	Status      string      `json:"status"`
	Key         string      `json:"key"`
	Note        string      `json:"note,omitempty"` // why the result was not kept
	Fingerprint fingerprint `json:"fingerprint"`
}

// recordKey returns the key of a record. Records under the key "record" had other JSON keys.
func (c *Cache) recordKey(id string) string { return cache.Key("step-record", c.o.Project, id) }

func (c *Cache) record(s Step, key string, f fingerprint, status, note string) {
	c.store.Save(c.recordKey(s.ID), record{Time: c.o.Now(), Status: status, Key: key, Note: note,
		Fingerprint: f})
}
