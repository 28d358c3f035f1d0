package runner

import (
	"context"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// An entry is what is stored of a success.
type entry struct {
	Time time.Time `json:"time"`
	Key  string    `json:"key"`
	// Outputs are what the step left. Complete says that nothing was there before, so that they are what a
	// clean run makes, and that their contents are stored. Otherwise the entry is good only while they are in
	// place.
	Outputs  []output `json:"outputs,omitempty"`
	Complete bool     `json:"complete,omitempty"`
	// Tracked are those of the outputs that were there before the step, since git tracks them.
	Tracked []string `json:"tracked,omitempty"`
	// States are digests of the ignored files as the step found them, and as the run left them.
	States []string `json:"states,omitempty"`
	// Stamp is what an environment said of itself when the step ended.
	Stamp string `json:"stamp,omitempty"`
	// Written are the files that the step wrote elsewhere than into its environment.
	Written written `json:"written,omitempty"`
	// Linked are the folders outside of the project that packages of an environment were linked to.
	Linked []string `json:"linked,omitempty"`
	// Skipped is why the step was skipped: what it would have installed was there.
	Skipped string `json:"skipped,omitempty"`
	// Unfinished says that the step is filling an environment, or was ended while it did. The entry has no key.
	Unfinished bool   `json:"unfinished,omitempty"`
	Image      string `json:"image,omitempty"`
	Stored     string `json:"stored,omitempty"` // its identity in the store of images
	// Said is the digest of what the step said.
	Said string `json:"said,omitempty"`
	// Tests are the tests that the step ran.
	Tests *ui.Tests `json:"tests,omitempty"`
	// Reports are the digests of the reports of the Result, by name.
	Reports map[string]string `json:"reports,omitempty"`
	// Uncounted is that of the Result.
	Uncounted bool `json:"uncounted,omitempty"`
	// Untested are those of the Result.
	Untested []string `json:"untested,omitempty"`
}

// entries are the results under one key: of different ignored files, or outputs. The newest comes first.
type entries struct {
	Entries []entry `json:"entries"`
}

// maxEntries is how many results are kept under one key.
const maxEntries = 8

// entryKey returns the key that the results of a step are stored under: that of the fingerprint or, for a step
// that provides an environment, one of the step in this checkout, since the environment is that of its last run here.
func (c *Cache) entryKey(s Step, key string) string {
	if s.provides() != nil {
		return cache.Key("stamp 4", c.o.Project, s.ID)
	}
	return key
}

// load returns the results of a step under a key.
func (c *Cache) load(s Step, key string) []entry {
	var stored entries
	if !c.store.Load(c.entryKey(s, key), &stored) {
		return nil
	}
	return slices.DeleteFunc(stored.Entries, func(e entry) bool { return e.Key != key })
}

// save stores a result before the others of its key. Of results with the same outputs one is kept, and of a
// step that provides an environment the last one alone.
func (c *Cache) save(s Step, e entry) {
	all := []entry{e}
	if s.provides() == nil {
		for _, other := range c.load(s, e.Key) {
			if e.equal(other) {
				all[0].Complete = e.Complete || other.Complete
				all[0].States = union(e.States, other.States)
			} else {
				all = append(all, other)
			}
		}
	}
	c.store.Save(c.entryKey(s, e.Key), entries{all[:min(len(all), maxEntries)]})
}

// equal reports whether two results made the same.
func (e entry) equal(other entry) bool {
	return e.Image == other.Image && e.Stored == other.Stored && slices.Equal(e.Outputs, other.Outputs) &&
		slices.Equal(e.Tracked, other.Tracked)
}

// union joins lists of states; the newest are kept.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, state := range b {
		if !slices.Contains(all, state) {
			all = append(all, state)
		}
	}
	return all[:min(len(all), 2*maxEntries)]
}

// imageStored reports whether the image of an entry, if it has one, is still in its store.
func (c *Cache) imageStored(ctx context.Context, s Step, e entry) bool {
	return e.Image == "" || c.o.Images.Stored(ctx, s) == e.Stored
}
