package app

import (
	"context"
	"sync"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins"
)

// warming compiles the plugins that had to be interpreted while steps run, so that their next plan is faster.
// A run that starts no command does not compile: only the compilation would be waited for.
type warming struct {
	host   *plugins.Host
	once   sync.Once
	cancel context.CancelFunc
	done   chan struct{}
}

// with returns emit, changed so that the first command that starts starts the compilation.
func (w *warming) with(ctx context.Context, emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventStep && e.Status == ui.StatusRunning && w.host != nil {
			w.once.Do(func() { w.start(ctx) })
		}
		emit(e)
	}
}

func (w *warming) start(ctx context.Context) {
	ctx, w.cancel = context.WithCancel(ctx)
	w.done = make(chan struct{})
	go func() {
		defer close(w.done)
		_ = w.host.Warm(ctx) // without it the next plan is only slower
	}()
}

// end stops the compilation, if it does not end soon. With short steps none would ever end otherwise, and
// every plan would be interpreted; so there is one wait for each version of a plugin on a machine, or a few
// on a slow one.
func (w *warming) end(ctx context.Context) {
	if w.cancel == nil {
		return
	}
	select {
	case <-w.done:
	case <-ctx.Done():
	case <-time.After(w.host.WarmTime()):
	}
	w.cancel()
	<-w.done
}
