// Package connect reaches container engines.
//
// An engine is a BuildKit: a buildkitd of its own, or the one inside a Docker engine. It may be on this machine or on another, behind a
// socket, TCP with or without TLS, ssh, a container or a pod. The first of these that is set says where: the address that is asked for,
// BUILDKIT_HOST, DOCKER_HOST, the current Docker context. That place is the only one that is tried, since another engine would be a
// guess; who names none gets the first of the usual sockets that answers. What kind of engine is at an address is asked, where nothing
// else tells.
//
// A connection knows what davit wants to know of its engine: what it is and can do, where its images go, and which digests images have.
//
// Addresses, certificates, and the configuration of the docker command with its contexts and credentials are those of the caller's
// environment, not of the process. Only the programs that lead to some engines, as ssh, docker and kubectl do, run in that of the process.
//
// An engine that is found has answered once. That it goes on to is not promised, and nothing is connected anew. No engine is started,
// and none is configured. Offline, none is talked to that is not on this machine.
package engine

import (
	"context"

	"github.com/davit-dev/davit/runner"
)

// Find tries each place where an engine may be, and takes the first one that answers.
func Find(ctx context.Context, r runner.EngineRequest) (*Connection, error) {
	env := newEnviron(r.Env)
	places, err := discover(r.Address, env)
	if err != nil {
		return nil, err
	}
	none := &noEngineError{}
	for _, p := range places {
		if r.Offline && !p.local(env) {
			return nil, &offlineError{candidate: p}
		}
		conn, err := p.dial(ctx, env)
		if err == nil {
			return conn, nil
		}
		none.tried = append(none.tried, failedAttempt{p, reason(err)})
	}
	if ctx.Err() != nil { // interrupted, which says nothing about the engines
		return nil, context.Cause(ctx)
	}
	return nil, none
}
