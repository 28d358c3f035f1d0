package engine

import (
	"context"
	"errors"
	"sync"
)

// lazy is a value that is found when it is first asked for. What could not be found, since the caller was interrupted, is asked
// for again.
type lazy[T any] struct {
	mu    sync.Mutex
	found bool
	value T
}

func (l *lazy[T]) get(find func() (T, error)) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.found {
		return l.value, nil
	}
	value, err := find()
	if errors.Is(err, context.Canceled) {
		return value, err
	}
	l.value, l.found = value, err == nil
	return value, err
}
