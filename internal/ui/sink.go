package ui

import (
	"errors"
	"io"
	"os"
	"sync"
	"syscall"
)

// A sink is a file or pipe that davit prints to. It keeps the first error, so that whoever prints does not
// have to look at each.
type sink struct {
	file  *os.File
	ended func() // called when the reader of a pipe has ended
	mu    sync.Mutex
	err   error
}

// newSink returns what to print to in place of a file or a pipe. A terminal, or what is no *os.File, is
// returned as it is.
func newSink(w io.Writer, ended func()) io.Writer {
	f, ok := w.(*os.File)
	if !ok || isTerminal(f) {
		return w
	}
	return &sink{file: f, ended: ended}
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	if err != nil {
		s.fail(err)
	}
	return n, err
}

func (s *sink) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	if errors.Is(err, syscall.EPIPE) {
		s.ended()
	}
}

// failure returns the first error.
func (s *sink) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Closed returns a channel that is closed when the reader of either output has ended, as in davit test |
// head.
func (s *Streams) Closed() <-chan struct{} { return s.closed }

// OutError returns the first error of standard output.
func (s *Streams) OutError() error {
	if out, ok := unfiltered(s.out).(*sink); ok {
		return out.failure()
	}
	return nil
}
