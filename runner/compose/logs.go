package compose

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner"
)

// Logs are those of services, or of all, merged by time, each line with its time and its service. While they are followed, lines
// come as they are said.
func (t *Target) Logs(ctx context.Context, o runner.LogOptions, out io.Writer) error {
	all, err := t.logged(ctx, o.Services)
	if err != nil {
		return err
	}
	if o.Follow {
		return t.follow(ctx, o, all, out)
	}
	var lines []logLine
	for _, c := range all {
		said, err := t.log(ctx, c.ID, name(c), options(o))
		if err != nil {
			return err
		}
		lines = append(lines, said...)
	}
	slices.SortStableFunc(lines, func(a, b logLine) int { return strings.Compare(a.time, b.time) })
	for _, l := range lines {
		if _, err := fmt.Fprintln(out, l); err != nil {
			return err
		}
	}
	return nil
}

// logLine is one line. Times are as engines have them, in UTC with nine digits, so that their texts sort.
type logLine struct{ time, who, text string }

func (l logLine) String() string { return l.time + " " + l.who + " | " + l.text }

func options(o runner.LogOptions) client.ContainerLogsOptions {
	tail := "all"
	if o.Tail > 0 {
		tail = strconv.Itoa(o.Tail)
	}
	return client.ContainerLogsOptions{ShowStdout: true, ShowStderr: true, Timestamps: true, Since: o.Since, Follow: o.Follow, Tail: tail}
}

// logged are the containers of services.
func (t *Target) logged(ctx context.Context, services []string) ([]container.Summary, error) {
	all, err := t.containers(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range all {
		known[c.Labels[api.ServiceLabel]] = true
	}
	for _, s := range services {
		if !known[s] {
			return nil, impossible("davit status "+t.Environment.Name, "environment %q has no container of service %q", t.Environment.Name, s)
		}
	}
	return slices.DeleteFunc(all, func(c container.Summary) bool {
		return len(services) > 0 && !slices.Contains(services, c.Labels[api.ServiceLabel])
	}), nil
}

// name is that of a container, without its project: "web-1".
func name(c container.Summary) string {
	if n := c.Labels[api.ContainerNumberLabel]; n != "" {
		return c.Labels[api.ServiceLabel] + api.Separator + n
	}
	return c.Labels[api.ServiceLabel]
}

// log reads what a container has said.
func (t *Target) log(ctx context.Context, id, who string, o client.ContainerLogsOptions) (lines []logLine, err error) {
	err = t.lines(ctx, id, who, o, func(l logLine) error {
		lines = append(lines, l)
		return nil
	})
	return lines, err
}

// lines gives each line that a container says.
func (t *Target) lines(ctx context.Context, id, who string, o client.ContainerLogsOptions, give func(logLine) error) error {
	c, err := t.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	stream, err := t.engine.ContainerLogs(ctx, id, o)
	if err != nil {
		return err
	}
	defer stream.Close()
	return split(stream, c.Container.Config.Tty, func(text string) error {
		at, text, _ := strings.Cut(text, " ")
		return give(logLine{at, who, strings.TrimRight(text, "\r")})
	})
}

// split gives each line of a stream, in which the two outputs of a container are woven unless it has a terminal.
func split(stream io.Reader, tty bool, give func(string) error) error {
	r, w := io.Pipe()
	go func() {
		var err error
		if tty {
			_, err = io.Copy(w, stream)
		} else {
			_, err = stdcopy.StdCopy(w, w, stream)
		}
		w.CloseWithError(err)
	}()
	defer r.Close()
	for b := bufio.NewReader(r); ; {
		line, err := b.ReadString('\n')
		if line != "" {
			if err := give(strings.TrimRight(line, "\n")); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// follow writes lines as they come, until all containers have ended or somebody has heard enough.
func (t *Target) follow(ctx context.Context, o runner.LogOptions, all []container.Summary, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	write := func(l logLine) error {
		mu.Lock()
		defer mu.Unlock()
		_, err := fmt.Fprintln(out, l)
		return err
	}
	return each(all, func(_ int, c container.Summary) error {
		err := t.lines(ctx, c.ID, name(c), options(o), write)
		if ctx.Err() != nil {
			return nil
		}
		return err
	})
}
