package runner

import (
	"context"
	"time"
)

// Why says whether a step would run now, and for what reasons.
type Why struct {
	// Cacheable tells whether results of the step are kept at all; if not, Reasons says why.
	Cacheable bool
	// Fresh tells that an earlier result stands: the step would be cached.
	Fresh bool
	// Reasons that the step would run, each a few words: "changed: main.go", "go is 1.26.1, was 1.25.3".
	Reasons []string
	// Run is when the run ended that the step is compared with; zero if there was none.
	Run time.Time
}

// Why compares what the steps of a graph depend on with their last runs in this project. The Cache must have been prepared for
// the same steps. Nothing is run.
func (c *Cache) Why(ctx context.Context, g *Graph) (map[string]Why, error) { return nil, nil }
