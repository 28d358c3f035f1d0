package compose

import (
	"context"
	"fmt"
	"io"

	"github.com/davit-dev/davit/runner"
)

// Logs writes lines as the tests look for them.
func (s *site) Logs(ctx context.Context, o runner.LogOptions, out io.Writer) error {
	return s.Target.Logs(ctx, o, func(l runner.LogLine) error {
		_, err := fmt.Fprintf(out, "%s | %s\n", l.Container, l.Text)
		return err
	})
}
