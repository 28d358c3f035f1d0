package app

import (
	"context"
	"sync"

	"github.com/davit-dev/davit/internal/tree"
)

// authorship is who deploys, and which commit.
type authorship struct {
	by     string
	commit tree.Commit
}

// authorship asks git, which is called several times for it.
func (p *Project) authorship(ctx context.Context) (a authorship, err error) {
	a.by = p.by(ctx)
	a.commit, err = p.commit(ctx)
	return a, err
}

// async begins with something that is needed later, and returns what waits for it.
func async[T any](do func() (T, error)) func() (T, error) {
	var wait sync.WaitGroup
	var value T
	var err error
	wait.Go(func() { value, err = do() })
	return func() (T, error) {
		wait.Wait()
		return value, err
	}
}
