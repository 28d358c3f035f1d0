package docker

import (
	"context"
	"slices"
	"strings"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// Learn has a function get the values of secrets as the backend sees them.
func (b *Backend) Learn(learn func(value string)) { b.values.Learn(learn) }

// live returns what the containers of the environment have, those that do not run or are quarantined too.
func (b *Backend) live(ctx context.Context) (all []compose.Container, err error) {
	list, err := b.engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofProject(b.project)})
	if err != nil {
		return nil, err
	}
	own, err := b.ownerOf(ctx, list.Items)
	if err != nil {
		return nil, err
	}
	l := &observation{backend: b, owner: own}
	ours := slices.DeleteFunc(list.Items, func(c container.Summary) bool {
		return !own.hasContainer(c) || c.Labels[api.ServiceLabel] == ""
	})
	if l.containers, err = b.inspect(ctx, ours, nil); err != nil {
		return nil, err
	}
	if err := l.loadKeys(ctx); err != nil {
		return nil, err
	}
	for _, f := range l.containers {
		one := compose.Container{Service: f.label(api.ServiceLabel), Fields: l.texts(f).Qualify(backendName)}
		if one.Files, err = b.secretFiles(ctx, f); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// secretFiles returns the texts of the configs and secrets of a container that have values of secrets.
func (b *Backend) secretFiles(ctx context.Context, f observedContainer) (map[string]string, error) {
	files := map[string]string{}
	for _, path := range injected(f.InspectResponse) {
		if !release.IsSecret(f.label(label.Prefix+"configs."+path)) && f.label(label.Prefix+"secrets."+path) == "" {
			continue
		}
		text, why, err := b.read(ctx, f.ID, path)
		if err != nil {
			return nil, err
		}
		if why == "" && text != nil {
			files[path] = string(text)
		}
	}
	return files, nil
}

// see remembers the values of secrets of containers, but for those that one of them has in clear: by their names, and by
// the label that says which they are.
func (b *Backend) see(containers []observedContainer) {
	var all []compose.Container
	for _, f := range containers {
		fields := release.Fields{}
		setTexts(fields, map[string]string{"command": jsonArray(f.Config.Cmd), "entrypoint": jsonArray(f.Config.Entrypoint)})
		setEnvironment(fields, f.Config.Env)
		all = append(all, compose.Container{Service: f.label(api.ServiceLabel), Fields: fields})
	}
	b.values.SeeIn(b.Environment.SecretNames, all)
	for i, f := range containers {
		for path := range strings.SplitSeq(f.label(label.Secrets), ",") {
			if strings.HasPrefix(path, "environment.") {
				b.values.See(all[i].Fields[path])
			}
		}
	}
}
