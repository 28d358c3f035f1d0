package ui

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// Streams is where davit reads and writes, and what it must know of the process to do that well.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	// Env looks up a variable of the environment: "" for one that is not set.
	Env func(name string) string
	// Now is the clock.
	Now func() time.Time
	// Color is the --color option: "auto" (as is ""), "always" or "never".
	Color string
	// Size overrides the size of terminals: columns and rows of what w writes to, and false when it is no terminal.
	Size func(w io.Writer) (width, height int, ok bool)
}

// NewStreams takes what main knows of the process.
func NewStreams(in io.Reader, out, err io.Writer, env func(string) string, now func() time.Time) *Streams {
	return &Streams{In: in, Out: out, Err: err, Env: env, Now: now}
}

// SetColor takes the value of --color, and refuses what is not one of auto, always and never.
func (s *Streams) SetColor(mode string) error {
	switch mode {
	case "auto", "always", "never":
		s.Color = mode
		return nil
	}
	return fmt.Errorf("--color is %q, wanted auto, always or never", mode)
}

// InTerminal tells whether somebody can type an answer.
func (s *Streams) InTerminal() bool {
	f, ok := s.In.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// OutTerminal tells whether standard output is a terminal.
func (s *Streams) OutTerminal() bool {
	_, _, ok := s.size(s.Out)
	return ok
}

// ErrTerminal tells whether standard error is a terminal.
func (s *Streams) ErrTerminal() bool {
	_, _, ok := s.size(s.Err)
	return ok
}

// OutSize is the columns and rows of the terminal that standard output is, or 0, 0 when it is none.
func (s *Streams) OutSize() (width, height int) {
	width, height, _ = s.size(s.Out)
	return width, height
}

// size of a terminal. One that does not know its size (a serial line, some CI) counts as 80 by 24.
func (s *Streams) size(w io.Writer) (width, height int, ok bool) {
	if s.Size != nil {
		return s.Size(w)
	}
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || !understandsEscapes(f) {
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
