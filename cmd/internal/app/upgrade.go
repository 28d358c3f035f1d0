package app

import (
	"context"

	"github.com/davit-dev/davit/internal/cache"
)

// LockUpgrade refuses a second upgrade of a project beside one that runs. The caller unlocks it.
func (p *Project) LockUpgrade() (unlock func(), err error) {
	store := cache.Open(p.cacheDir(storeDir), cache.Options{Limit: Limit, Now: p.Streams.Now, Warn: p.Warn})
	once, cancel := context.WithCancel(context.Background())
	cancel() // it does not wait
	busy := false
	unlock = store.Lock(once, "upgrade "+p.Key(), func() { busy = true })
	if busy {
		return nil, usage("wait until it has ended", "another davit upgrade runs in %s", p.Root.Dir)
	}
	return unlock, nil
}

// Prompts reports whether somebody is there to answer a question. With piped, a program reads what davit prints.
func (p *Project) Prompts(piped bool) bool { return p.nobodyAnswers(Request{Piped: piped}) == "" }
