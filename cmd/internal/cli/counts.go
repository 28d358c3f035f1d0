package cli

import (
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// counts holds the last status of each step that ended. It may be used by several goroutines.
type counts struct {
	mu   sync.Mutex
	last map[string]string
}

// newCounts returns empty counts.
func newCounts() *counts { return &counts{last: map[string]string{}} }

// add counts the end of a step.
func (n *counts) add(e ui.Event) {
	if e.Type != ui.EventStep || e.Status == ui.StatusRunning {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last[e.Step] != ui.StatusFailed { // the way back from a failure may succeed
		n.last[e.Step] = e.Status
	}
}

// all returns the number of steps by status.
func (n *counts) all() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	out := map[string]int{}
	for _, status := range n.last {
		out[status]++
	}
	return out
}
