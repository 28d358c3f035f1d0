package deploytest

import (
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// collect returns a function that keeps events, from any number of goroutines at once, and passes them on.
func collect(events *[]ui.Event, then func(ui.Event)) func(ui.Event) {
	var mu sync.Mutex
	return func(e ui.Event) {
		mu.Lock()
		*events = append(*events, e)
		mu.Unlock()
		if then != nil {
			then(e)
		}
	}
}
