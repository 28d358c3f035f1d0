package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	endpoint "github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
	"github.com/google/go-cmp/cmp"
)

// hinted is an error of this package with its hint and category.
type hinted interface {
	error
	Hint() string
	Category() fault.Category
}

func TestDiscover(t *testing.T) {
	usualSockets := "the usual socket unix:///var/run/docker.sock docker, the usual socket unix:///run/buildkit/buildkitd.sock buildkit"
	for _, test := range []struct {
		name, option, env string
		want              string
	}{
		{"nothing", "", "", usualSockets},
		{"the option beats all", "tcp://a:1",
			"BUILDKIT_HOST=tcp://b:1 DOCKER_HOST=tcp://c:1 DOCKER_CONTEXT=far", "--engine tcp://a:1 ?"},
		{"BUILDKIT_HOST beats Docker", "", "BUILDKIT_HOST=tcp://b:1 DOCKER_HOST=tcp://c:1",
			"BUILDKIT_HOST tcp://b:1 buildkit"},
		{"DOCKER_HOST beats the context", "", "DOCKER_HOST=ssh://me@c DOCKER_CONTEXT=far",
			"DOCKER_HOST ssh://me@c docker"},
		{"DOCKER_CONTEXT beats the current one", "", "DOCKER_CONTEXT=near",
			"docker context near unix:///near.sock docker"},
		{"the current context", "", "CURRENT=far", "docker context far ssh://far docker"},
		{"the current context is the default one", "", "CURRENT=default", usualSockets},
		{"DOCKER_CONTEXT is the default one", "", "DOCKER_CONTEXT=default CURRENT=far", usualSockets},
		{"docker:// is what docker would use", "docker://", "BUILDKIT_HOST=tcp://b:1 DOCKER_HOST=tcp://c:1",
			"DOCKER_HOST tcp://c:1 docker"},
		{"docker://CONTEXT", "docker://far", "DOCKER_HOST=tcp://c:1", "docker context far ssh://far docker"},
		{"docker://default", "docker://default", "DOCKER_HOST=tcp://c:1 CURRENT=far", usualSockets},
		{"a pod", "kube-pod://buildkitd?namespace=ci", "", "--engine kube-pod://buildkitd?namespace=ci ?"},
		{"a container", "", "BUILDKIT_HOST=docker-container://b",
			"BUILDKIT_HOST docker-container://b buildkit"},
		{"a missing context", "", "DOCKER_CONTEXT=gone",
			`there is no docker context "gone" | docker context ls shows what there is`},
		{"a context without Docker", "docker://odd", "",
			`the docker context "odd" names no Docker engine | docker context ls shows what there is`},
		{"a path", "/run/b.sock", "",
			`--engine has "/run/b.sock", which is not the address of an engine | unix:///run/b.sock is the address of a socket`},
		{"a path that is not whole", "unix://run/b.sock", "",
			`--engine has "unix://run/b.sock", which is not the address of an engine | unix:///run/b.sock is the address of a socket`},
		{"no scheme", "", "BUILDKIT_HOST=builder:1234",
			`BUILDKIT_HOST has "builder:1234", which is not the address of an engine | ` +
				"an address begins with unix://, npipe://, tcp://, ssh://, docker-container://, podman-container://, nerdctl-container://, kube-pod://; docs/engines.md has examples"},
		{"nothing behind the scheme", "tcp://", "",
			`--engine has "tcp://", which is not the address of an engine | …`},
		{"a scheme that Docker has not", "", "DOCKER_HOST=kube-pod://x",
			`DOCKER_HOST has "kube-pod://x", which is not the address of an engine | …`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if runtime.GOOS != "linux" && test.want == usualSockets {
				t.Skip("left out: the usual sockets are those of Linux")
			}
			places, err := discover(fromOption, test.option, environment(t, test.env))
			got := shown(places, err)
			if want, any := strings.CutSuffix(test.want, "…"); got != test.want &&
				!(any && strings.HasPrefix(got, want)) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// environment returns an environment with three Docker contexts; CURRENT is the current one.
func environment(t *testing.T, pairs string) environ {
	t.Helper()
	env := newEnviron(strings.Fields(pairs))
	home := t.TempDir()
	env["HOME"], env["USERPROFILE"] = home, home
	addContext(t, home, "far", endpoint.EndpointMeta{Host: "ssh://far"})
	addContext(t, home, "near", endpoint.EndpointMeta{Host: "unix:///near.sock"})
	addContext(t, home, "odd", endpoint.EndpointMeta{})
	if current := env["CURRENT"]; current != "" {
		write(t, filepath.Join(home, ".docker/config.json"), fmt.Sprintf(`{"currentContext": %q}`, current))
	}
	return env
}

func addContext(t *testing.T, home, name string, e endpoint.EndpointMeta) {
	t.Helper()
	s := contextStore(environ{"DOCKER_CONFIG": filepath.Join(home, ".docker")}).(store.Store)
	err := s.CreateOrUpdate(store.Metadata{Name: name, Endpoints: map[string]any{endpoint.DockerEndpoint: e}})
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// shown returns candidates as "from address kind", or an error as "sentence | hint".
func shown(places []candidate, err error) string {
	var h hinted
	if errors.As(err, &h) {
		return fmt.Sprintf("%v | %s", h, h.Hint())
	}
	if err != nil {
		return "without a hint: " + err.Error()
	}
	var all []string
	for _, p := range places {
		kind := p.kind
		if kind == "" {
			kind = "?"
		}
		all = append(all, p.from+" "+p.address+" "+kind)
	}
	return strings.Join(all, ", ")
}

func TestABrokenConfigurationOfDocker(t *testing.T) {
	env := environment(t, "CURRENT=far")
	write(t, filepath.Join(env.home(), ".docker/config.json"), "{")
	_, err := discover(fromOption, "", env)
	var h hinted
	if !errors.As(err, &h) || fault.Of(h) != fault.FailedPrecondition ||
		!strings.Contains(h.Error(), "config.json") {
		t.Errorf("got %v", err)
	}
}

func TestDefaultSockets(t *testing.T) {
	env := environ{"XDG_RUNTIME_DIR": "/run/user/7", "HOME": "/home/me", "USERPROFILE": "/home/me"}
	for goos, want := range map[string][]string{
		"linux": {"unix:///var/run/docker.sock", "unix:///run/user/7/docker.sock",
			"unix:///run/buildkit/buildkitd.sock",
			"unix:///run/user/7/buildkit/buildkitd.sock"},
		"darwin":  {"unix:///var/run/docker.sock", "unix:///home/me/.docker/run/docker.sock"},
		"windows": {"npipe:////./pipe/docker_engine", "npipe:////./pipe/buildkitd"},
	} {
		var got []string
		for _, p := range defaultSockets(env, goos) {
			got = append(got, p.address)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", goos, diff)
		}
	}
}

func TestLocal(t *testing.T) {
	far := environ{"DOCKER_HOST": "ssh://far"}
	for _, test := range []struct {
		address string
		env     environ
		want    bool
	}{
		{"unix:///x", nil, true},
		{"npipe:////./pipe/x", nil, true},
		{"tcp://127.0.0.1:1", nil, true},
		{"tcp://[::1]:1", nil, true},
		{"tcp://localhost:1", nil, true},
		{"tcp://localhost.example.com:1", nil, false},
		{"tcp://10.0.0.1:1", nil, false},
		{"ssh://localhost", nil, false},
		{"kube-pod://x", nil, false},
		{"docker-container://x", nil, true},
		{"docker-container://x?context=far", nil, false},
		{"docker-container://x", far, false},
		{"podman-container://x", far, true},
	} {
		env := environ{"HOME": t.TempDir()}
		for name, value := range test.env {
			env[name] = value
		}
		if got := (candidate{address: test.address}).local(env); got != test.want {
			t.Errorf("%s with %v: %v", test.address, test.env, got)
		}
	}
}

// FuzzDiscover checks that every address gives a candidate or an error with the category FailedPrecondition.
func FuzzDiscover(f *testing.F) {
	for _, seed := range []string{"unix:///x", "tcp://[::1]:1", "docker://", "docker://a/b", "://",
		"ssh://u:p@h/s", "kube-pod://x?%", "\x00"} {
		f.Add(seed)
	}
	env := environ{"HOME": f.TempDir()}
	f.Fuzz(func(t *testing.T, address string) {
		places, err := discover(fromOption, address, env)
		var h hinted
		if err == nil && len(places) == 0 || err != nil &&
			(!errors.As(err, &h) || fault.Of(h) != fault.FailedPrecondition) {
			t.Errorf("%q: %v, %v", address, places, err)
		}
		if slices.ContainsFunc(places, func(p candidate) bool { return p.scheme() == "" }) {
			t.Errorf("%q: a place without a scheme", address)
		}
	})
}
