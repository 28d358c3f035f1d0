// Command composeup is "docker compose up -d" in a program of its own: it gives the same files to the same
// SDK that davit is linked with, so that only what davit adds differs. With "wait" in the place of "up" it waits until all
// services are healthy, as --wait does. It is the peer of the groups "environment" and "deploy", which also call it to
// prepare and to clean up.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/flags"
	"github.com/docker/compose/v5/pkg/api"
	"github.com/docker/compose/v5/pkg/compose"
	"github.com/moby/moby/client"
)

const usage = "composeup up PROJECT | composeup wait PROJECT | composeup images FROM PROJECT | " +
	"composeup containers PROJECT | composeup clear PROJECT"

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	cli, err := command.NewDockerCli(command.WithOutputStream(io.Discard),
		command.WithErrorStream(io.Discard))
	if err != nil {
		return err
	}
	if err := cli.Initialize(flags.NewClientOptions()); err != nil {
		return err
	}
	switch {
	case len(args) == 2 && args[0] == "up":
		return up(ctx, cli, args[1], false)
	case len(args) == 2 && args[0] == "wait":
		return up(ctx, cli, args[1], true)
	case len(args) == 3 && args[0] == "images":
		return images(ctx, cli.Client(), args[1], args[2])
	case len(args) == 2 && args[0] == "containers":
		return containers(ctx, cli.Client(), args[1], out)
	case len(args) == 2 && args[0] == "clear":
		return clearAll(ctx, cli, args[1])
	}
	return errors.New(usage)
}

// up loads the files of a project and starts it, as the command does, and may wait until it is healthy.
func up(ctx context.Context, cli command.Cli, project string, wait bool) error {
	s, err := compose.NewComposeService(cli)
	if err != nil {
		return err
	}
	p, err := s.LoadProject(ctx, api.ProjectLoadOptions{ProjectName: project})
	if err != nil {
		return err
	}
	return s.Up(ctx, p, api.UpOptions{
		Create: api.CreateOptions{
			Recreate: api.RecreateDiverged, RecreateDependencies: api.RecreateDiverged, Inherit: true,
		},
		Start: api.StartOptions{Project: p, Wait: wait},
	})
}

// images tags the images of one project as those of another.
func images(ctx context.Context, c client.APIClient, from, project string) error {
	all, err := c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: of(from)})
	if err != nil {
		return err
	}
	for _, one := range all.Items {
		to := project + "-" + one.Labels[api.ServiceLabel] + ":latest"
		if _, err := c.ImageTag(ctx, client.ImageTagOptions{Source: one.ImageID, Target: to}); err != nil {
			return err
		}
	}
	return nil
}

// containers prints the ids of a project's containers.
func containers(ctx context.Context, c client.APIClient, project string, out io.Writer) error {
	all, err := c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: of(project)})
	var ids []string
	for _, one := range all.Items {
		ids = append(ids, one.ID)
	}
	slices.Sort(ids)
	fmt.Fprintln(out, strings.Join(ids, "\n"))
	return err
}

// clearAll removes a project, its two deployments, and all images whose names start with its name.
func clearAll(ctx context.Context, cli command.Cli, project string) error {
	s, err := compose.NewComposeService(cli)
	if err != nil {
		return err
	}
	now := time.Duration(0)
	for _, name := range []string{project, project + "-dev", project + "-peer"} {
		if err := end(ctx, cli.Client(), name); err != nil {
			return err
		}
		p, err := s.LoadProject(ctx, api.ProjectLoadOptions{ProjectName: name})
		if err != nil {
			return err
		}
		down := api.DownOptions{Project: p, RemoveOrphans: true, Volumes: true, Timeout: &now}
		if err := s.Down(ctx, name, down); err != nil {
			return err
		}
	}
	list, err := cli.Client().ImageList(ctx, client.ImageListOptions{})
	for _, i := range list.Items {
		for _, tag := range i.RepoTags {
			if strings.HasPrefix(strings.TrimPrefix(tag, "davit.local/"), project) {
				_, failed := cli.Client().ImageRemove(ctx, tag,
					client.ImageRemoveOptions{PruneChildren: true})
				err = errors.Join(err, failed)
			}
		}
	}
	return err
}

// end kills the containers of a project, and waits until their last health checks have begun: an engine before 24 dies when
// a container is removed in that moment.
func end(ctx context.Context, c client.APIClient, project string) error {
	all, err := c.ContainerList(ctx, client.ContainerListOptions{Filters: of(project)})
	for _, one := range all.Items {
		_, _ = c.ContainerKill(ctx, one.ID, client.ContainerKillOptions{Signal: "KILL"}) // it may have ended
	}
	if len(all.Items) > 0 {
		time.Sleep(300 * time.Millisecond)
	}
	return err
}

func of(project string) client.Filters {
	return client.Filters{}.Add("label", api.ProjectLabel+"="+project)
}
