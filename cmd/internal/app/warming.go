package app

import (
	"context"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
)

// warming compiles, while steps run, the plugins that had to be interpreted, so that their next plan is there sooner. A run that
// starts no command does not begin it: nothing would be waited for but itself.
type warming struct {
	host   *plugins.Host
	once   sync.Once
	cancel context.CancelFunc
	done   chan struct{}
}

// with returns emit, changed so that the first command that starts begins the work.
func (w *warming) with(ctx context.Context, emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventStep && e.Status == ui.StatusRunning && w.host != nil {
			w.once.Do(func() { w.begin(ctx) })
		}
		emit(e)
	}
}

func (w *warming) begin(ctx context.Context) {
	ctx, w.cancel = context.WithCancel(ctx)
	w.done = make(chan struct{})
	go func() {
		defer close(w.done)
		_ = w.host.Warm(ctx) // what is not warm is only slower
	}()
}

// patience is how long the end of a run waits for a compilation that has begun. Where steps are short none would ever be done
// otherwise, and every plan would be interpreted; this way it is waited for once, for each version of a plugin on a machine.
const patience = 2 * time.Second

// end stops it, if it does not end by itself soon.
func (w *warming) end(ctx context.Context) {
	if w.cancel == nil {
		return
	}
	select {
	case <-w.done:
	case <-ctx.Done():
	case <-time.After(patience):
	}
	w.cancel()
	<-w.done
}
