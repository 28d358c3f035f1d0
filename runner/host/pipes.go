package host

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// pipes carry the output of a process. os/exec could do it, but would either wait for every process that
// holds the other end, or close it while a slow reader still reads.
type pipes struct {
	out, err *pipe
}

// A pipe carries one stream.
type pipe struct {
	file   *os.File // the end for the process
	read   *os.File // nil if the process gets a file of the caller's
	done   chan struct{}
	moves  atomic.Int64 // begun and ended writes: odd during one
	closed bool
	mu     sync.Mutex
	w      io.Writer
}

func newPipes(stdout, stderr io.Writer) (*pipes, error) {
	out, err := newPipe(stdout)
	if err != nil {
		return nil, err
	}
	errs, err := newPipe(stderr)
	if err != nil {
		out.started()
		out.finish()
		return nil, err
	}
	return &pipes{out, errs}, nil
}

func newPipe(w io.Writer) (*pipe, error) {
	if f, ok := w.(*os.File); ok || w == nil {
		return &pipe{file: f}, nil
	}
	read, write, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &pipe{file: write, read: read, done: make(chan struct{}), w: w}
	go p.copy()
	return p, nil
}

func (p *pipes) stdout() io.Writer { return p.out.end() }
func (p *pipes) stderr() io.Writer { return p.err.end() }

// end returns the end for the process. A nil *os.File must not become an io.Writer that is not nil.
func (p *pipe) end() io.Writer {
	if p.file == nil {
		return nil
	}
	return p.file
}

// started closes the ends that the process has now.
func (p *pipes) started() { p.out.started(); p.err.started() }

// finish waits until all output has been passed on.
func (p *pipes) finish() { p.out.finish(); p.err.finish() }

func (p *pipe) started() {
	if p.read != nil {
		p.file.Close()
	}
}

func (p *pipe) copy() {
	defer close(p.done)
	buffer := make([]byte, 32<<10)
	for {
		n, err := p.read.Read(buffer)
		if n > 0 {
			p.moves.Add(1)
			p.pass(buffer[:n])
			p.moves.Add(1)
		}
		if err != nil {
			return
		}
	}
}

func (p *pipe) pass(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		_, _ = p.w.Write(b) // these writers never fail
	}
}

// drainInterval is how long nothing may come, once the process has ended, before the rest is dropped: a
// process in the background holds the stream. After ten intervals it is dropped in any case.
const drainInterval = 100 * time.Millisecond

func (p *pipe) finish() {
	if p.read == nil {
		return
	}
	before := int64(-1)
	for range 10 {
		select {
		case <-p.done:
			p.read.Close()
			return
		case <-time.After(drainInterval):
		}
		now := p.moves.Load()
		if now == before && now%2 == 0 {
			break
		}
		before = now
	}
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	go p.read.Close() // on some systems Close waits for the reader
}
