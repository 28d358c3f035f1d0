package ui

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// Streams are the streams of davit, and what it needs to know of the process for them. Nobody else has the
// writers: whatever is printed is cleaned here.
type Streams struct {
	In io.Reader
	// Env returns a variable of the environment, or "" if it is not set.
	Env func(name string) string
	// Now is the clock.
	Now func() time.Time
	// Color is the --color option: "auto" (as is ""), "always" or "never".
	Color string
	// Size overrides the size of terminals: columns and rows of the one that w writes to, and false if it is
	// none.
	Size func(w io.Writer) (width, height int, ok bool)

	out, err io.Writer
	closed   chan struct{}
}

// NewStreams returns streams from what main knows of the process.
func NewStreams(in io.Reader, out, err io.Writer, env func(string) string, now func() time.Time) *Streams {
	closed := make(chan struct{})
	ended := sync.OnceFunc(func() { close(closed) })
	return &Streams{In: in, out: newSink(out, ended), err: newSink(err, ended), Env: env, Now: now,
		closed: closed}
}

// SetColor sets the value of --color: auto, always or never.
func (s *Streams) SetColor(mode string) error {
	switch mode {
	case "auto", "always", "never":
		s.Color = mode
		return nil
	}
	return fmt.Errorf("--color is %q, wanted auto, always or never", mode)
}

// InTerminal reports whether a user can type an answer.
func (s *Streams) InTerminal() bool {
	f, ok := s.In.(*os.File)
	return ok && isTerminal(f)
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// OutTerminal reports whether standard output is a terminal.
func (s *Streams) OutTerminal() bool {
	_, _, ok := s.size(s.out)
	return ok
}

// ErrTerminal reports whether standard error is a terminal.
func (s *Streams) ErrTerminal() bool {
	_, _, ok := s.size(s.err)
	return ok
}

// OutSize returns the columns and rows of the terminal on standard output, or 0, 0 without one.
func (s *Streams) OutSize() (width, height int) {
	width, height, _ = s.size(s.out)
	return width, height
}

// size returns the size of a terminal. One that does not know its size (a serial line, some CI) counts as 80
// by 24.
func (s *Streams) size(w io.Writer) (width, height int, ok bool) {
	w = unfiltered(w)
	if s.Size != nil {
		return s.Size(w)
	}
	f, ok := w.(*os.File)
	if !ok || !isTerminal(f) || !understandsEscapes(f) {
		return 0, 0, false
	}
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 || height < 1 {
		return 80, 24, true
	}
	return width, height, true
}

func (s *Streams) env(name string) string {
	if s.Env == nil {
		return ""
	}
	return s.Env(name)
}
