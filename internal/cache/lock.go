package cache

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// retryInterval is the time between two attempts to get a lock that another process holds. A system call that
// waits for a lock could not be interrupted.
const retryInterval = 20 * time.Millisecond

// Lock waits until no other process, and no other caller in this one, holds the lock of that name, and
// returns how to release it. It calls waiting once if it has to wait. A process that ends releases its locks.
// If the store cannot be written, or ctx ends, Lock returns without a lock.
func (s *Store) Lock(ctx context.Context, name string, waiting func()) (unlock func()) {
	f := s.lockFile(name)
	if f == nil {
		return func() {}
	}
	for waited := false; !tryLock(f); waited = true {
		if !waited {
			waiting()
		}
		select {
		case <-time.After(retryInterval):
		case <-ctx.Done():
			f.Close()
			return func() {}
		}
	}
	return func() { f.Close() }
}

func (s *Store) lockFile(name string) *os.File {
	if s.disabled.Load() {
		return nil
	}
	file := s.File("locks", name)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		s.disable(err)
		return nil
	}
	f, err := os.OpenFile(file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		s.disable(err)
		return nil
	}
	if info, err := f.Stat(); err == nil {
		s.touch(f, info)
	}
	return f
}
