package cache

import (
	"context"
	"os"
	"path/filepath"
	"time"
)

// retryInterval is how often it is tried to get a lock that another process has. Systems that can be asked to wait cannot be asked to stop
// waiting.
const retryInterval = 20 * time.Millisecond

// Lock waits until no other process, nor anybody else in this one, has the lock of that name, and returns how to release it. Once
// it has to wait it says so through waiting. A process that ends has no locks any more. Where the store cannot be written, or
// ctx ends, there is no lock and nobody is kept waiting.
func (s *Store) Lock(ctx context.Context, name string, waiting func()) (unlock func()) {
	f := s.lockFile(name)
	if f == nil {
		return func() {}
	}
	for told := false; !tryLock(f); told = true {
		if !told {
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
	s.touch(f)
	return f
}
