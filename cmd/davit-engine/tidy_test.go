package main

import (
	"context"
	"os/exec"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// tidy removes everything that an engine has of the environments of a project. It asks the engine itself: a docker command
// for each question takes seconds of the processor in all.
func tidy(project string) {
	engine, err := client.New(client.FromEnv)
	if err != nil {
		return
	}
	defer engine.Close()
	for _, environment := range []string{"dev", "staging", "production"} {
		of := client.Filters{}.Add("label", "com.docker.compose.project="+project+"-"+environment)
		removeContainers(engine, of)
		removeNetworks(engine, of)
		removeVolumes(engine, of)
	}
	removeContainers(engine, client.Filters{}.Add("label", "dev.davit.project="+project))
	removeImagesOf(engine, project)
}

// removeContainers kills containers and removes them: an engine before 24 may die of both in one.
func removeContainers(engine *client.Client, of client.Filters) {
	ctx := context.Background()
	list, _ := engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: of})
	for _, c := range list.Items {
		if c.State == container.StateRunning {
			engine.ContainerKill(ctx, c.ID, client.ContainerKillOptions{})
		}
	}
	for _, c := range list.Items {
		engine.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	}
}

func removeNetworks(engine *client.Client, of client.Filters) {
	list, _ := engine.NetworkList(context.Background(), client.NetworkListOptions{Filters: of})
	for _, n := range list.Items {
		engine.NetworkRemove(context.Background(), n.ID, client.NetworkRemoveOptions{})
	}
}

func removeVolumes(engine *client.Client, of client.Filters) {
	list, _ := engine.VolumeList(context.Background(), client.VolumeListOptions{Filters: of})
	for _, v := range list.Items {
		engine.VolumeRemove(context.Background(), v.Name, client.VolumeRemoveOptions{Force: true})
	}
}

// removeImagesOf removes the records of a project, the images that davit keeps for it, and those that it has built.
func removeImagesOf(engine *client.Client, project string) {
	ctx := context.Background()
	ours := func(tag string) bool {
		return strings.HasPrefix(tag, "davit.local/"+project+"/") || strings.HasPrefix(tag, project+":") ||
			strings.HasPrefix(tag, project+"-")
	}
	list, _ := engine.ImageList(ctx, client.ImageListOptions{})
	for _, i := range list.Items {
		names := slices.DeleteFunc(slices.Clone(i.RepoTags), func(tag string) bool { return !ours(tag) })
		if i.Labels["dev.davit.project"] == project {
			names = []string{i.ID}
		}
		for _, name := range names {
			engine.ImageRemove(ctx, name, client.ImageRemoveOptions{Force: true, PruneChildren: true})
		}
	}
}

// removeAll removes what docker lists.
func removeAll(remove []string, list ...string) {
	out, _ := exec.Command("docker", list...).Output()
	if ids := strings.Fields(string(out)); len(ids) > 0 {
		_ = exec.Command("docker", append(remove, ids...)...).Run()
	}
}
