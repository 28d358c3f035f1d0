package engine

import (
	"cmp"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
)

// A candidate is an address where an engine may be.
type candidate struct {
	// from says who named it, as in runner.EngineInfo.
	from string
	// address is in the syntax of BUILDKIT_HOST or DOCKER_HOST.
	address string
	// kind is the expected kind of engine; "" is to be detected.
	kind string
	// context is the name of the Docker context with its certificates.
	context string
}

// The kinds of engines.
const (
	kindDocker   = "docker"
	kindBuildKit = "buildkit"
)

// The sources of an address.
const (
	fromOption   = "--engine"
	fromProject  = "project.toml"
	fromBuildKit = "BUILDKIT_HOST"
	fromDocker   = "DOCKER_HOST"
	fromSocket   = "the usual socket"
)

// An environ is the caller's environment.
type environ map[string]string

func newEnviron(pairs []string) environ {
	env := environ{}
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		env[name] = value
	}
	return env
}

// home returns the home folder of the user.
func (e environ) home() string {
	if runtime.GOOS == "windows" {
		return e["USERPROFILE"]
	}
	return e["HOME"]
}

// source returns who named the address of a request.
func source(r runner.EngineRequest) string { return cmp.Or(r.From, fromOption) }

// discover returns the candidates for an engine; from is who named the address, if there is one. An engine
// that the user named is the only one: another one would be a guess. Without a name these are the default
// sockets.
func discover(from, address string, env environ) ([]candidate, error) {
	switch {
	case address != "":
		return namedCandidates(from, address, env)
	case env[fromBuildKit] != "":
		return parseAddress(candidate{from: fromBuildKit, address: env[fromBuildKit], kind: kindBuildKit})
	}
	return dockerCandidates(env, env["DOCKER_CONTEXT"])
}

// namedCandidates returns the candidates for a given address. "docker://" is the Docker engine that the
// docker command would use, and "docker://NAME" that of a context.
func namedCandidates(from, address string, env environ) ([]candidate, error) {
	if name, ok := strings.CutPrefix(address, "docker://"); ok {
		if name != "" {
			return contextCandidates(env, name)
		}
		return dockerCandidates(env, env["DOCKER_CONTEXT"])
	}
	return parseAddress(candidate{from: from, address: address})
}

// dockerCandidates returns where the docker command would look: DOCKER_HOST, then the current context, then
// the default sockets.
func dockerCandidates(env environ, context string) ([]candidate, error) {
	if env[fromDocker] != "" {
		return parseAddress(candidate{from: fromDocker, address: env[fromDocker], kind: kindDocker})
	}
	if context == "" {
		current, err := currentContext(env)
		if err != nil {
			return nil, err
		}
		context = current
	}
	return contextCandidates(env, context)
}

// contextCandidates returns the candidates of a Docker context.
func contextCandidates(env environ, name string) ([]candidate, error) {
	if name == "" || name == "default" {
		return defaultSockets(env, runtime.GOOS), nil
	}
	host, err := contextHost(env, name)
	if err != nil {
		return nil, err
	}
	return parseAddress(candidate{from: "docker context " + name, address: host, kind: kindDocker,
		context: name})
}

// defaultSockets returns the default sockets of a Docker engine and of a buildkitd.
func defaultSockets(env environ, goos string) (candidates []candidate) {
	add := func(kind string, addresses ...string) {
		for _, a := range addresses {
			candidates = append(candidates, candidate{from: fromSocket, address: a, kind: kind})
		}
	}
	if goos == "windows" {
		add(kindDocker, "npipe:////./pipe/docker_engine")
		add(kindBuildKit, "npipe:////./pipe/buildkitd")
		return candidates
	}
	add(kindDocker, "unix:///var/run/docker.sock")
	runtimeDir, home := env["XDG_RUNTIME_DIR"], env.home()
	if goos == "linux" && runtimeDir != "" {
		add(kindDocker, "unix://"+filepath.Join(runtimeDir, "docker.sock"))
	}
	if goos == "darwin" && home != "" {
		add(kindDocker, "unix://"+filepath.Join(home, ".docker/run/docker.sock"))
	}
	if goos == "linux" {
		add(kindBuildKit, "unix:///run/buildkit/buildkitd.sock")
	}
	if goos == "linux" && runtimeDir != "" {
		add(kindBuildKit, "unix://"+filepath.Join(runtimeDir, "buildkit/buildkitd.sock"))
	}
	return candidates
}

// schemes are the schemes of addresses by the kind of engine.
var schemes = map[string][]string{
	kindBuildKit: {"unix", "npipe", "tcp", "ssh", "docker-container", "podman-container", "nerdctl-container",
		"kube-pod"},
	kindDocker: {"unix", "npipe", "tcp", "ssh", "http", "https"},
}

// parseAddress returns the candidate if its address is valid.
func parseAddress(p candidate) ([]candidate, error) {
	known := schemes[kindBuildKit]
	if p.kind != "" {
		known = schemes[p.kind]
	}
	u, err := url.Parse(p.address)
	if err == nil && slices.Contains(known, u.Scheme) && u.Host+u.Path != "" &&
		(u.Scheme != "unix" || u.Host == "") {
		return []candidate{p}, nil
	}
	return nil, &addressError{candidate: p, known: known}
}

// An addressError is an invalid address of an engine.
type addressError struct {
	fault.Precondition
	candidate
	known []string
}

func (e *addressError) Error() string {
	return fmt.Sprintf("%s has %q, which is not the address of an engine", e.from, e.address)
}

// Hint returns the address that was probably meant, or what an address looks like.
func (e *addressError) Hint() string {
	path := strings.TrimPrefix(e.address, "unix:/")
	if strings.HasPrefix(path, "/") {
		return "unix:///" + strings.TrimLeft(path, "/") + " is the address of a socket"
	}
	return "an address begins with " + strings.Join(e.known, "://, ") + "://; docs/engines.md has examples"
}

func (p candidate) scheme() string {
	scheme, _, _ := strings.Cut(p.address, "://")
	return scheme
}

// local reports whether an engine can be reached without a network.
func (p candidate) local(env environ) bool {
	switch p.scheme() {
	case "unix", "npipe", "podman-container", "nerdctl-container":
		return true
	case "docker-container":
		return !strings.Contains(p.address, "context=") && localDocker(env)
	case "tcp", "http", "https":
		return loopback(p.address)
	}
	return false
}

// localDocker reports whether the docker command, through which docker-container:// connects, uses an engine
// on this machine.
func localDocker(env environ) bool {
	candidates, err := dockerCandidates(env, env["DOCKER_CONTEXT"])
	return err == nil && !slices.ContainsFunc(candidates, func(p candidate) bool { return !p.local(env) })
}

func loopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
