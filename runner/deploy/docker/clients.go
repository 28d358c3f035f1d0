package docker

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// keepsAddress reports whether new containers of the service get the addresses of the old ones.
func (r *reconciler) keepsAddress(ctx context.Context) bool {
	return r.release.Model.KeepsAddress(r.name, r.floating)
}

// refreshClients has the clients of a service that remember its addresses look its name up again. Those that have
// no command for it restart, if restart says so, unless they are replaced anyway.
func (r *reconciler) refreshClients(ctx context.Context, restart bool) error {
	if r.keepsAddress(ctx) {
		return nil
	}
	r.refreshing.Lock() // a client of two services is not restarted by both at once
	defer r.refreshing.Unlock()
	for _, client := range r.release.Model.Clients(r.name) {
		c := &reconciler{apply: r.apply, name: client, want: r.release.Model.Services[client]}
		if err := c.refresh(ctx, restart); err != nil {
			return fmt.Errorf("service %q: %w", client, err)
		}
	}
	return nil
}

// refresh has the running containers of a service look up names again.
func (r *reconciler) refresh(ctx context.Context, restart bool) error {
	all, err := r.observed(ctx)
	if err != nil {
		return err
	}
	running := slices.DeleteFunc(all, func(f observedContainer) bool { return !f.running() })
	kind := r.kinds[r.name]
	switch {
	case r.want.Reload != "":
		r.report(r.name, "reloading it: "+r.want.Reload)
		return inParallel(running, func(_ int, f observedContainer) error { return r.reload(ctx, f) })
	case !restart || kind == release.Replace || kind == release.Create || r.want.RestartsAfter(r.kinds):
		return nil
	}
	r.report(r.name, "restarting it: it may remember an address")
	if err := r.restart(ctx, serviceState{fresh: running}); err != nil {
		return err
	}
	return r.healthy(ctx, running)
}

// reload runs the command of a service that makes its program look up names again.
func (r *reconciler) reload(ctx context.Context, f observedContainer) error {
	engine := r.backend.engine
	e, err := engine.ExecCreate(ctx, f.ID, client.ExecCreateOptions{
		AttachStdout: true, AttachStderr: true, Cmd: []string{"sh", "-c", r.want.Reload},
	})
	if err != nil {
		return err
	}
	a, err := engine.ExecAttach(ctx, e.ID, client.ExecAttachOptions{})
	if err != nil {
		return err
	}
	defer a.Close()
	var said strings.Builder
	if _, err := stdcopy.StdCopy(&said, &said, io.LimitReader(a.Reader, 64<<10)); err != nil {
		return err
	}
	ended, err := engine.ExecInspect(ctx, e.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fault.Preconditionf("reload in project.toml has the command", "%q ended with exit code %d: %s",
			r.want.Reload, ended.ExitCode, strings.TrimSpace(said.String()))
	}
	return err
}
