// Package engine finds and connects to container engines, as docker and buildctl do it.
//
// An engine is a BuildKit: a buildkitd of its own, or the one inside a Docker engine. It may be on this
// machine or on another, behind a socket, TCP with or without TLS, ssh, a container or a pod. The first of
// these that is set names it: the requested address, BUILDKIT_HOST, DOCKER_HOST, the current Docker context.
// No other engine is tried then, since it would be a guess; if none is set, the first of the default sockets
// that answers is taken. The kind of an engine is detected where the address does not tell it.
//
// A connection provides what davit needs to know about an engine: what it can do, where its images are
// stored, and the digests of images.
//
// Addresses, certificates, and the configuration of docker with its contexts and credentials come from the
// caller's environment, not from that of the process. Only the programs that lead to some engines, such as
// ssh, docker and kubectl, run in the environment of the process.
//
// An engine that was found has answered once. The package does not reconnect, and starts and configures no
// engine. Offline it connects only to engines on this machine.
package engine

import (
	"context"

	"github.com/davit-dev/davit/runner"
)

// Find connects to the first engine that answers.
func Find(ctx context.Context, r runner.EngineRequest) (*Connection, error) {
	env := newEnviron(r.Env)
	candidates, err := discover(source(r), r.Address, env)
	if err != nil {
		return nil, err
	}
	none := &noEngineError{}
	for _, p := range candidates {
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
