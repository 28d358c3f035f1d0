// Package networks frees networks of an engine from what containers that are gone have left on them.
//
// An engine forgets an endpoint if a container that it is just restarting is disconnected and removed. The network
// then "has active endpoints" for ever and cannot be removed, and no other container of that name can be started
// on it: "endpoint with name … already exists". A forced disconnection by the name of the container, not by its
// id, ends this (moby/moby#17217, docker/cli#1891).
package networks

import (
	"context"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
)

// Remove removes a network. A network that is gone already is no error.
func Remove(ctx context.Context, engine client.APIClient, id string) error {
	err := remove(ctx, engine, id)
	if err == nil {
		return nil
	}
	if Free(ctx, engine, id) {
		err = remove(ctx, engine, id)
	}
	n, _ := engine.NetworkInspect(ctx, id, client.NetworkInspectOptions{})
	return miscounted(n.Network, err)
}

// miscounted returns the error of an engine that refuses to remove a network in use. Such an engine counts the
// containers apart, may lose one when several leave at once, and counts anew at its start alone (moby/moby#42119).
func miscounted(n network.Inspect, err error) error {
	if !errdefs.IsPermissionDenied(err) || n.ID == "" || len(n.Containers) > 0 {
		return err
	}
	return fault.Preconditionf("restart the engine, then repeat the command",
		"network %q stays: no container is on it, and the engine counts one", n.Name)
}

func remove(ctx context.Context, engine client.NetworkAPIClient, id string) error {
	_, err := engine.NetworkRemove(ctx, id, client.NetworkRemoveOptions{})
	if errdefs.IsNotFound(err) {
		return nil
	}
	return err
}

// Free disconnects the containers that are gone from a network, by name or id, and reports whether there were any. It
// is for an engine that has just refused something: its error tells more than one of this attempt would.
func Free(ctx context.Context, engine client.APIClient, on string) (freed bool) {
	n, _ := engine.NetworkInspect(ctx, on, client.NetworkInspectOptions{})
	for id, e := range n.Network.Containers {
		_, err := engine.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
		if !errdefs.IsNotFound(err) {
			continue
		}
		_, err = engine.NetworkDisconnect(ctx, on, client.NetworkDisconnectOptions{Container: e.Name, Force: true})
		freed = freed || err == nil
	}
	return freed
}
