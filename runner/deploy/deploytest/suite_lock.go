package deploytest

import (
	"context"
	"errors"
	"time"

	"github.com/davit-dev/davit/runner/deploy"
)

func testLocks(s *subject) {
	ctx := s.Context()
	other := s.Backend("dev")
	if h, err := s.b.Holder(ctx); err != nil || h != nil {
		s.Fatalf("before anybody locks, the holder is %v, %v", h, err)
	}
	first, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	h, err := other.Holder(ctx)
	if err != nil || h == nil || h.Owner != "ann" || h.Operation != "deploy" || !h.Expires.After(h.Since) {
		s.Errorf("holder %+v, %v", h, err)
	}
	_, err = other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal"})
	if e, is := errors.AsType[*deploy.LockedError](err); !is || e.Holder.Owner != "ann" {
		s.Fatalf("a second lock: %v", err)
	}
	staging, err := s.Backend("staging").Lock(ctx, deploy.LockOptions{Owner: "bob"})
	s.must(err)
	staging.Unlock()
	first.Unlock()
	second, err := other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal"})
	s.must(err)
	if second.Stale != nil {
		s.Errorf("a lock that was given back is stale: %+v", second.Stale)
	}
	second.Unlock()
}

func testBrokenLocks(s *subject) {
	ctx := s.Context()
	other := s.Backend("dev")
	first, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	second, err := other.Lock(ctx, deploy.LockOptions{Owner: "bob", Operation: "heal", Break: true})
	s.must(err)
	if second.Stale == nil || second.Stale.Reason != deploy.LockBroken || second.Stale.Holder.Owner != "ann" {
		s.Errorf("stale %+v", second.Stale)
	}
	select {
	case <-first.Held.Done():
	case <-time.After(patience):
		s.Fatal("the lease did not end")
	}
	cause := context.Cause(first.Held)
	if e, is := errors.AsType[*deploy.LeaseLostError](cause); !is || e.By.Owner != "bob" {
		s.Errorf("the lease ended with %v", cause)
	}
	first.Unlock()
	if h, err := s.b.Holder(ctx); err != nil || h == nil || h.Owner != "bob" {
		s.Errorf("when the loser unlocks, the holder is %+v, %v", h, err)
	}
	second.Unlock()
	third, err := s.b.Lock(ctx, deploy.LockOptions{Owner: "ann", Operation: "deploy"})
	s.must(err)
	third.Unlock()
}
