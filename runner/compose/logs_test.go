package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Logs writes lines as the tests look for them.
func (s *site) Logs(ctx context.Context, o runner.LogOptions, out io.Writer) error {
	return s.Target.Logs(ctx, o, func(l runner.LogLine) error {
		_, err := fmt.Fprintf(out, "%s | %s\n", l.Container, l.Text)
		return err
	})
}

// TestFollowedContainersStartAgain: what was said before is said once, and what was left out stays so.
func TestFollowedContainersStartAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, "services:\n  web:\n    image: busybox\n    command: sh -c 'date +%s; sleep 1000'\n    stop_signal: SIGKILL\n")
	s.deploy()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	id, none := s.ids()[0], 0
	if _, err := s.engine.ContainerStop(ctx, id, client.ContainerStopOptions{Timeout: &none}); err != nil {
		t.Fatal(err)
	}
	old, enough := s.said(ctx, id), errors.New("enough")
	for { // the next line has another text
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(time.Now().Unix()) > old[0].Text {
			break
		}
	}
	for _, since := range []string{"", time.Now().Format(time.RFC3339Nano)} {
		var got []string
		started := time.AfterFunc(500*time.Millisecond, func() { s.engine.ContainerRestart(ctx, id, client.ContainerRestartOptions{Timeout: &none}) })
		want := len(old) + 1
		if since != "" {
			want = 1
		}
		err := s.Target.Logs(ctx, runner.LogOptions{Follow: true, Since: since}, func(l runner.LogLine) error {
			if got = append(got, l.Text); len(got) == want {
				return enough
			}
			return nil
		})
		started.Stop()
		all := s.said(ctx, id)
		if !errors.Is(err, enough) || got[0] != all[len(all)-want].Text || got[want-1] != all[len(all)-1].Text {
			t.Errorf("since %q: got %q of %v, %v", since, got, all, err)
		}
		old = all
	}
}

func (s *site) said(ctx context.Context, id string) []runner.LogLine {
	s.t.Helper()
	lines, err := s.log(ctx, id, "web-1", options(runner.LogOptions{}))
	if err != nil || len(lines) == 0 {
		s.t.Fatal(lines, err)
	}
	return lines
}
