package docker

import (
	"errors"
	"slices"
	"sync"
)

// removals are removals of containers that go on beside what follows.
type removals struct {
	mu  sync.Mutex
	all []*removal
}

// A removal has its error once it is done.
type removal struct {
	done chan struct{}
	err  error
}

// begin calls remove.
func (r *removals) begin(remove func() error) {
	one := &removal{done: make(chan struct{})}
	r.mu.Lock()
	r.all = append(r.all, one)
	r.mu.Unlock()
	go func() {
		defer close(one.done)
		one.err = remove()
	}()
}

// wait returns when all that have begun are done, with their errors.
func (r *removals) wait() (err error) {
	r.mu.Lock()
	begun := slices.Clone(r.all)
	r.mu.Unlock()
	for _, one := range begun {
		<-one.done
		err = errors.Join(err, one.err)
	}
	return err
}
