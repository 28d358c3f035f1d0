package logs

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner/deploy"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestFollowedContainersStartAgain: what was said before is said once, and what was left out stays so.
func TestFollowedContainersStartAgain(t *testing.T) {
	t.Parallel()
	c, project := enginetest.Client(t), enginetest.Project()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	id, none := talker(ctx, t, c, project), 0
	s := New(c, release.Environment{Project: project, Name: "dev"}, time.Now,
		func(ctx context.Context) ([]container.Summary, error) {
			list, err := c.ContainerList(ctx, client.ContainerListOptions{All: true,
				Filters: client.Filters{}.Add("label", api.ProjectLabel+"="+project+"-dev")})
			return list.Items, err
		})
	enough := errors.New("enough")
	if err := s.Logs(ctx, deploy.LogOptions{Follow: true},
		func(deploy.LogLine) error { return enough }); !errors.Is(err, enough) {
		t.Fatal(err)
	}
	if _, err := c.ContainerStop(ctx, id, client.ContainerStopOptions{Timeout: &none}); err != nil {
		t.Fatal(err)
	}
	old := said(ctx, t, s, id)
	for { // the next line has another text
		time.Sleep(100 * time.Millisecond)
		if fmt.Sprint(time.Now().Unix()) > old[0].Text {
			break
		}
	}
	for _, since := range []string{"", time.Now().Format(time.RFC3339Nano)} {
		var got []string
		started := time.AfterFunc(500*time.Millisecond,
			func() { c.ContainerRestart(ctx, id, client.ContainerRestartOptions{Timeout: &none}) })
		want := len(old) + 1
		if since != "" {
			want = 1
		}
		err := s.Logs(ctx, deploy.LogOptions{Follow: true, Since: since}, func(l deploy.LogLine) error {
			if got = append(got, l.Text); len(got) == want {
				return enough
			}
			return nil
		})
		started.Stop()
		all := said(ctx, t, s, id)
		if !errors.Is(err, enough) || got[0] != all[len(all)-want].Text ||
			got[want-1] != all[len(all)-1].Text {
			t.Errorf("since %q: got %q of %v, %v", since, got, all, err)
		}
		old = all
	}
}

// talker is a container of a service "web" that says the time when it starts.
func talker(ctx context.Context, t *testing.T, c *client.Client, project string) string {
	t.Helper()
	r, err := c.ContainerCreate(ctx, client.ContainerCreateOptions{Config: &container.Config{
		Image: "busybox", Cmd: []string{"sh", "-c", "date +%s; sleep 1000"}, StopSignal: "SIGKILL",
		Labels: map[string]string{api.ProjectLabel: project + "-dev", api.ServiceLabel: "web",
			api.ContainerNumberLabel: "1", api.OneoffLabel: "False"},
	}})
	if err == nil {
		t.Cleanup(func() {
			c.ContainerRemove(context.Background(), r.ID,
				client.ContainerRemoveOptions{Force: true})
		})
		_, err = c.ContainerStart(ctx, r.ID, client.ContainerStartOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

func said(ctx context.Context, t *testing.T, s *Reader, id string) []deploy.LogLine {
	t.Helper()
	lines, err := s.log(ctx, id, "web-1", options(deploy.LogOptions{}))
	if err != nil || len(lines) == 0 {
		t.Fatal(lines, err)
	}
	return lines
}
