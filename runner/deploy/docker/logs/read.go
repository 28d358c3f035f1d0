package logs

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// A Reader reads the logs of the containers of one environment.
type Reader struct {
	engine      client.APIClient
	environment release.Environment
	now         func() time.Time
	all         func(context.Context) ([]container.Summary, error)
}

// New returns the reader of an environment on its engine. all returns the containers of its services at the
// time of the call.
func New(
	engine client.APIClient, environment release.Environment, now func() time.Time,
	all func(context.Context) ([]container.Summary, error),
) *Reader {
	return &Reader{engine, environment, now, all}
}

// Logs passes the lines of services, or of all, to yield, merged by time. With Follow it also passes new
// lines as they are written, those of containers that start later included.
func (r *Reader) Logs(ctx context.Context, o deploy.LogOptions, yield func(deploy.LogLine) error) error {
	if _, err := time.ParseDuration(o.Since); err != nil && o.Since != "" && !isTimestamp(o.Since) {
		return fault.Preconditionf(
			"--since takes 10m or 2026-01-31T12:00:00Z", "%q is neither a duration nor a time", o.Since)
	}
	if o.Follow {
		return r.follow(ctx, o, yield)
	}
	all, err := r.selectContainers(ctx, o)
	if err != nil {
		return err
	}
	_, err = r.past(ctx, o, all, yield)
	return err
}

// isTimestamp reports whether a text is a point in time, as the engine's client reads one.
func isTimestamp(text string) bool {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if _, err := time.Parse(form, text); err == nil {
			return true
		}
	}
	_, err := strconv.ParseFloat(text, 64) // seconds of the epoch
	return err == nil
}

// past passes on the lines until now, and returns the time of the last line of each container.
func (r *Reader) past(
	ctx context.Context, o deploy.LogOptions, all []container.Summary, yield func(deploy.LogLine) error,
) (map[string]time.Time, error) {
	last, each := map[string]time.Time{}, make([][]deploy.LogLine, len(all))
	for i, c := range all {
		var err error
		if each[i], err = r.log(ctx, c.ID, Name(c.Labels), options(o)); ignoreRemoved(err) != nil {
			return nil, err
		}
		for j := range each[i] {
			each[i][j].Service = c.Labels[api.ServiceLabel]
		}
		if n := len(each[i]); n > 0 {
			last[c.ID] = each[i][n-1].Time
		}
	}
	lines := slices.Concat(each...)
	slices.SortStableFunc(lines, func(a, b deploy.LogLine) int { return a.Time.Compare(b.Time) })
	for _, l := range lines {
		if err := yield(l); err != nil {
			return nil, err
		}
	}
	return last, nil
}

func options(o deploy.LogOptions) client.ContainerLogsOptions {
	tail := "all"
	if o.Tail > 0 {
		tail = strconv.Itoa(o.Tail)
	}
	return client.ContainerLogsOptions{
		ShowStdout: true, ShowStderr: true, Timestamps: true, Since: o.Since, Tail: tail,
	}
}

// selectContainers returns the containers of services. Those that are followed may start later.
func (r *Reader) selectContainers(ctx context.Context, o deploy.LogOptions) ([]container.Summary, error) {
	all, err := r.all(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, c := range all {
		known[c.Labels[api.ServiceLabel]] = true
	}
	for _, s := range o.Services {
		if !known[s] {
			return nil, deploy.NoContainer(r.environment.Name, s, slices.Sorted(maps.Keys(known)))
		}
	}
	if len(all) == 0 && !o.Follow {
		return nil, fault.Preconditionf(
			"davit deploy "+r.environment.Name, "environment %q has no containers", r.environment.Name)
	}
	all = slices.DeleteFunc(all, func(c container.Summary) bool { return !selected(o, c.Labels) })
	slices.SortFunc(all, func(a, b container.Summary) int {
		return cmp.Compare(Name(a.Labels),
			Name(b.Labels))
	})
	return all, nil
}

// selected reports whether the logs of a container with these labels are asked for.
func selected(o deploy.LogOptions, labels map[string]string) bool {
	return len(o.Services) == 0 || slices.Contains(o.Services, labels[api.ServiceLabel])
}

// Name returns the name of a container with these labels, without its project: "web-1".
func Name(labels map[string]string) string {
	if n := labels[api.ContainerNumberLabel]; n != "" {
		return labels[api.ServiceLabel] + api.Separator + n
	}
	return labels[api.ServiceLabel]
}

// LastLines returns the last lines of a container.
func (r *Reader) LastLines(ctx context.Context, id string, many int) (texts []string, err error) {
	lines, err := r.log(ctx, id, "", options(deploy.LogOptions{Tail: many}))
	for _, l := range lines {
		texts = append(texts, l.Text)
	}
	return texts, err
}

// log returns the lines of a container.
func (r *Reader) log(
	ctx context.Context, id, name string, o client.ContainerLogsOptions,
) (lines []deploy.LogLine, err error) {
	err = r.lines(ctx, id, name, o, func(l deploy.LogLine) error {
		lines = append(lines, l)
		return nil
	})
	return lines, err
}

// lines passes on each line of a container.
func (r *Reader) lines(
	ctx context.Context, id, name string, o client.ContainerLogsOptions, yield func(deploy.LogLine) error,
) error {
	c, err := r.engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	stream, err := r.engine.ContainerLogs(ctx, id, o)
	if err != nil {
		return err
	}
	defer stream.Close()
	return split(stream, c.Container.Config.Tty, func(text string) error {
		stamp, text, _ := strings.Cut(text, " ")
		at, _ := time.Parse(time.RFC3339Nano, stamp)
		return yield(deploy.LogLine{Time: at, Container: name, Text: strings.TrimRight(text, "\r")})
	})
}

// split passes on each line of a stream. The two outputs of a container without a terminal are multiplexed in
// it.
func split(stream io.Reader, tty bool, yield func(string) error) error {
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
			if err := yield(strings.TrimRight(line, "\n")); err != nil {
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
