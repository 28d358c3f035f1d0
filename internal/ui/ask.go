package ui

import (
	"bufio"
	"cmp"
	"context"
	"io"
	"strings"
)

// Ask asks a question on standard error, and reports whether the answer is yes. Ctrl-C is no answer.
func (s *Streams) Ask(ctx context.Context, question string) (yes bool, err error) {
	io.WriteString(s.err, s.ErrStyle().bold(clean(question))+" [y/N] ")
	line, err := s.line(ctx)
	line = strings.ToLower(line)
	return line == "y" || line == "yes", err
}

// Prompt asks for a line on standard error, and returns it; given, if it is empty. Ctrl-C is no answer.
func (s *Streams) Prompt(ctx context.Context, question, given string) (answer string, err error) {
	io.WriteString(s.err, s.ErrStyle().bold(clean(question)))
	if given != "" {
		io.WriteString(s.err, " ["+clean(given)+"]")
	}
	io.WriteString(s.err, " ")
	line, err := s.line(ctx)
	return cmp.Or(line, given), err
}

// line reads a line. The end of the input counts as an empty one.
func (s *Streams) line(ctx context.Context) (string, error) {
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.In).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case line := <-answer:
		return line, nil
	case <-ctx.Done():
		io.WriteString(s.err, "\n")
		return "", ctx.Err()
	}
}
