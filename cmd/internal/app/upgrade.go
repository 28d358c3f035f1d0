package app

import (
	"context"
	"strings"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/regular"
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

// LockFiles waits until no other davit changes project.toml and project.lock in the folder of a project, and calls waiting
// once if it has to wait. Dir is the folder of the cache. The caller unlocks them. A davit that a step of the project calls does not wait, since the one above
// may have the lock.
func LockFiles(ctx context.Context, dir, root string, env []string, waiting func()) (unlock func(), err error) {
	if strings.Contains("\n"+environ.Get(env, runningEnv), "\n"+root+"\t") {
		return func() {}, nil
	}
	store := cache.Open(cacheDir(dir, storeDir), cache.Options{Limit: Limit})
	unlock = store.Lock(ctx, "files "+checkoutKey(root), waiting)
	if ctx.Err() != nil {
		unlock()
		return nil, context.Cause(ctx)
	}
	return unlock, nil
}

// Prompts reports whether somebody is there to answer a question. With piped, a program reads what davit prints.
func (p *Project) Prompts(piped bool) bool { return p.nobodyAnswers(Request{Piped: piped}) == "" }

// Texts returns the contents of those files of the project whose paths a function wants. One that cannot be read is left out.
func (p *Project) Texts(wanted func(path string) bool) map[string]string {
	all := map[string]string{}
	for _, name := range p.files {
		if !wanted(name) {
			continue
		}
		if data, err := regular.ReadInside(p.Root.Dir, name, regular.Config); err == nil {
			all[name] = string(data)
		}
	}
	return all
}
