package cli

import (
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// counts are how steps ended, by status. A step that ends twice counts as it did last.
type counts struct {
	mu   sync.Mutex
	last map[string]string
}

func newCounts() *counts { return &counts{last: map[string]string{}} }

func (n *counts) add(e ui.Event) {
	if e.Type != ui.EventStep || e.Status == ui.StatusRunning {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last[e.Step] = e.Status
}

func (n *counts) all() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]int{}
	for _, status := range n.last {
		out[status]++
	}
	return out
}
