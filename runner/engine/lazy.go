package engine

import (
	"context"
	"errors"
	"sync"
)

// A lazy value is computed when it is first needed. After an interruption it is computed again.
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
