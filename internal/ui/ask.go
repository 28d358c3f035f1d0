package ui

import (
	"bufio"
	"context"
	"io"
	"strings"
)

// Ask asks a question on standard error, and reports whether the answer is yes. Ctrl-C is no answer.
func (s *Streams) Ask(ctx context.Context, question string) (yes bool, err error) {
	io.WriteString(s.err, s.ErrStyle().bold(clean(question))+" [y/N] ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.In).ReadString('\n') // the end of the input counts as no
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case line := <-answer:
		return line == "y" || line == "yes", nil
	case <-ctx.Done():
		io.WriteString(s.err, "\n")
		return false, ctx.Err()
	}
}
