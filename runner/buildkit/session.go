package buildkit

import (
	"context"
	"maps"

	"github.com/moby/buildkit/client"
	gateway "github.com/moby/buildkit/frontend/gateway/client"
	"github.com/moby/buildkit/session"
	"github.com/moby/buildkit/session/filesync"
	"github.com/moby/buildkit/session/secrets/secretsprovider"
	"github.com/moby/buildkit/session/sshforward/sshprovider"

	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/userconfig"
)

// build is the one build of a run, which is open while steps run.
type build struct {
	gateway gateway.Client
	finish  chan struct{} // closed when no more steps come
	cancel  context.CancelFunc
	ended   chan struct{}
	err     error // set once ended is closed
}

// open starts the build, once. The build continues after the step that starts it.
func (r *Runner) open(ctx context.Context) (*build, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.build != nil {
		return r.build, nil
	}
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b := &build{cancel: cancel, finish: make(chan struct{}), ended: make(chan struct{})}
	ready := make(chan struct{})
	go func() {
		defer close(b.ended)
		_, b.err = r.conn.Build(inner, r.solveOptions(), "davit",
			func(ctx context.Context, g gateway.Client) (*gateway.Result, error) {
				b.gateway = g
				close(ready)
				select {
				case <-b.finish:
					return r.buildResult()
				case <-ctx.Done():
					return nil, context.Cause(ctx)
				}
			}, r.router.listen())
	}()
	select {
	case <-ready:
		r.build = b
		return b, nil
	case <-b.ended:
		cancel()
		return nil, b.err
	case <-ctx.Done():
		cancel()
		return nil, ctx.Err()
	}
}

// solveOptions returns the options of the build that steps run in. It is internal: an engine that knows that keeps no
// record of it, and so no log with the output of commands, which may have the values of secrets.
func (r *Runner) solveOptions() client.SolveOpt {
	return client.SolveOpt{Internal: true, Session: r.attachables(), SharedKey: r.projectKey(),
		CacheExports: r.cacheExports()}
}

// Close ends the build and everything that still runs in it.
func (r *Runner) Close() error {
	r.images.removeTemporary()
	r.mu.Lock()
	b := r.build
	r.build = nil
	r.mu.Unlock()
	if b == nil {
		return nil
	}
	defer b.cancel()
	if r.isDisconnected() {
		b.cancel() // it would not end by itself
	}
	close(b.finish)
	<-b.ended
	if b.err == nil || r.isDisconnected() {
		return nil
	}
	return b.err
}

// attachables returns what a session provides to the engine: files of the project, secrets, the ssh agent,
// credentials for registries. Each session needs its own.
func (r *Runner) attachables() []session.Attachable { return r.attachablesWith(&r.sources) }

// secrets returns the secrets of steps, and what they get of the user's configuration.
func (r *Runner) secrets() map[string][]byte {
	all := map[string][]byte{proxyScript: userconfig.Script(r.proxy.hidden)}
	maps.Copy(all, r.o.UserConfig)
	maps.Copy(all, r.o.Secrets)
	return all
}

// attachablesWith returns attachables with other files.
func (r *Runner) attachablesWith(files filesync.DirSource) []session.Attachable {
	all := []session.Attachable{
		filesync.NewFSSyncProvider(files),
		secretsprovider.FromMap(r.secrets()),
		r.conn.RegistryAuth(),
	}
	if socket := environ.Get(r.o.Env, "SSH_AUTH_SOCK"); socket != "" {
		if agent, err := sshprovider.NewSSHAgentProvider([]sshprovider.AgentConfig{{ID: "default",
			Paths: []string{socket}}}); err == nil {
			all = append(all, agent)
		}
	}
	return all
}
