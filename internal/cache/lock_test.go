package cache

import (
	"context"
	"sync"
	"testing"
)

func TestALockIsOfOneAtATime(t *testing.T) {
	dir := t.TempDir()
	var inside, most int
	var mu sync.Mutex
	count := func(by int) {
		mu.Lock()
		defer mu.Unlock()
		inside += by
		most = max(most, inside)
	}
	var wg sync.WaitGroup
	for range 6 {
		s := Open(dir, Options{Warn: func(text string) { t.Error(text) }})
		wg.Go(func() {
			for range 5 {
				unlock := s.Lock(t.Context(), "x", func() {})
				count(1)
				count(-1)
				unlock()
			}
		})
	}
	wg.Wait()
	if most != 1 {
		t.Errorf("%d had it at once", most)
	}
}

func TestWhoWaitsForALockSaysSoAndMayGiveUp(t *testing.T) {
	s := Open(t.TempDir(), Options{})
	unlock := s.Lock(t.Context(), "x", func() { t.Error("nobody has it") })
	s.Lock(t.Context(), "y", func() { t.Error("it is another") })()
	ctx, cancel := context.WithCancel(t.Context())
	waited := false
	s.Lock(ctx, "x", func() { waited = true; cancel() })()
	if !waited {
		t.Error("two have it")
	}
	unlock()
	s.Lock(t.Context(), "x", func() { t.Error("it was released") })()
}

func TestWithoutAStoreNobodyWaits(t *testing.T) {
	s := Open("", Options{})
	s.Lock(t.Context(), "x", nil)
	s.Lock(t.Context(), "x", nil)
}
