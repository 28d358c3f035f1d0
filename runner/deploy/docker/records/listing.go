package records

import (
	"context"

	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
)

// A listing is a request for all images of the environment. An engine looks at each image that it has for that, so those
// who want to know at the same time share one.
type listing struct {
	done    chan struct{}
	images  []image.Summary
	err     error
	changes int // of the store before it began
}

// list returns the images of the environment. It shares a listing that is underway, unless this store has changed anything
// since that began.
func (s *Store) list(ctx context.Context) (*listing, error) {
	s.mu.Lock()
	l := s.underway
	if l == nil {
		l = &listing{done: make(chan struct{}), changes: s.changes}
		s.underway = l
		go s.request(context.WithoutCancel(ctx), l)
	}
	s.mu.Unlock()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.done:
		return l, l.err
	}
}

// request asks the engine.
func (s *Store) request(ctx context.Context, l *listing) {
	r, err := s.images.Engine.ImageList(ctx, client.ImageListOptions{Filters: client.Filters{}.Add("label",
		label.Project+"="+s.environment.Project, label.Environment+"="+s.environment.Name)})
	l.images, l.err = r.Items, err
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.underway == l {
		s.underway = nil
	}
	close(l.done)
}

// changed ends the sharing of a listing that is underway, and what is known from one: it may not have what has just changed.
func (s *Store) changed() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underway, s.listed = nil, false
	s.changes++
}
