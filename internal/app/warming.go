package app

import (
	"context"
	"sync"

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

// end stops it.
func (w *warming) end() {
	if w.cancel != nil {
		w.cancel()
		<-w.done
	}
}
