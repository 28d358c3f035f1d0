package ui

import (
	"io"
	"os"
	"strings"

	"github.com/davit-dev/davit/internal/text"
)

// Files returns the files behind the streams, for steps that own the terminal; nil for what is no file of a
// terminal.
func (s *Streams) Files() (in, out, err *os.File) {
	in, _ = s.In.(*os.File)
	out, _ = s.out.(*os.File)
	err, _ = s.err.(*os.File)
	return in, out, err
}

// Program returns the streams for the output of a program in a container. Into a file or a pipe it goes byte
// by byte. On a terminal only its colours are left of what controls one, unless the program owns the terminal.
func (s *Streams) Program(owns bool) (out, err io.Writer) {
	if owns {
		return s.out, s.err
	}
	return s.filtered(s.out), s.filtered(s.err)
}

func (s *Streams) filtered(w io.Writer) io.Writer {
	if _, _, terminal := s.size(w); terminal {
		return &text.Filter{W: w}
	}
	return w
}

// ProgramLine returns a line of the output of a program in a container, as Program prints it.
func (s *Streams) ProgramLine(line string) Text {
	if s.OutTerminal() {
		line = strings.ReplaceAll(text.Colors(line), "\t", "    ")
	}
	return Text{line}
}

// Own returns the writer for the files of davit's own, such as the scripts of completion: nothing is cleaned.
func (s *Streams) Own() io.Writer { return s.out }

// OnErr returns streams that print results on standard error.
func (s *Streams) OnErr() *Streams {
	all := *s
	all.out = s.err
	return &all
}
