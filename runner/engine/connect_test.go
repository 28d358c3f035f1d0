package engine

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	dcontext "github.com/docker/cli/cli/context"
	endpoint "github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
	"github.com/google/go-cmp/cmp"
	gatewaypb "github.com/moby/buildkit/frontend/gateway/pb"
	"github.com/moby/buildkit/solver/pb"
	"github.com/moby/buildkit/util/apicaps"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
)

// request returns a request with an environment of its own.
func request(t *testing.T, address string, pairs ...string) runner.EngineRequest {
	t.Helper()
	env := append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, pairs...)
	return runner.EngineRequest{Address: address, Env: env}
}

// find finds an engine with an environment of its own.
func find(t *testing.T, address string, pairs ...string) *Connection {
	t.Helper()
	c, err := Find(t.Context(), request(t, address, pairs...))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryWayToADockerEngine(t *testing.T) {
	host := enginetest.Docker(t)
	home := t.TempDir()
	addContext(t, home, "near", endpoint.EndpointMeta{Host: host})
	for _, test := range []struct {
		name, address string
		env           []string
		from          string
	}{
		{"asked for", host, nil, "--engine"},
		{"as docker would", "docker://", []string{"DOCKER_HOST=" + host, "BUILDKIT_HOST=unix:///nobody.sock"},
			"DOCKER_HOST"},
		{"DOCKER_HOST", "", []string{"DOCKER_HOST=" + host}, "DOCKER_HOST"},
		{"a context", "docker://near", []string{"HOME=" + home, "USERPROFILE=" + home},
			"docker context near"},
		{"DOCKER_CONTEXT", "", []string{"HOME=" + home, "USERPROFILE=" + home, "DOCKER_CONTEXT=near"},
			"docker context near"},
	} {
		t.Run(test.name, func(t *testing.T) {
			checkInfo(t, find(t, test.address, test.env...), kindDocker, host, test.from)
		})
	}
}

func TestEveryWayToABuildKit(t *testing.T) {
	host := enginetest.BuildKit(t)
	checkInfo(t, find(t, host), kindBuildKit, host, "--engine")
	checkInfo(t, find(t, "", "BUILDKIT_HOST="+host, "DOCKER_HOST=unix:///nobody.sock"), kindBuildKit, host,
		"BUILDKIT_HOST")
}

// checkInfo checks the description of an engine.
func checkInfo(t *testing.T, c *Connection, kind, address, from string) {
	t.Helper()
	info, err := c.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := runner.EngineInfo{Kind: kind, Address: address, From: from, Version: info.Version,
		Platforms: info.Platforms, Abilities: info.Abilities}
	if diff := cmp.Diff(want, info); diff != "" {
		t.Error(diff)
	}
	if len(info.Platforms) == 0 || info.Version == "" {
		t.Errorf("no platforms or no version: %+v", info)
	}
	for _, a := range info.Abilities {
		if a.Name == "" || a.Has != (a.Instead == "") {
			t.Errorf("an ability that is not explained: %+v", a)
		}
	}
	if c.Embedded != (kind == kindDocker) || (c.Docker != nil) != c.Embedded {
		t.Errorf("the connection is %+v", c)
	}
}

func TestCapabilitiesAreThoseOfTheEngine(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		c := find(t, address)
		for id, want := range map[apicaps.CapID]bool{pb.CapExecMountSecret: true, gatewaypb.CapReadFile: true,
			"no.such.thing": false} {
			if has, err := c.Has(t.Context(), id); has != want || err != nil {
				t.Errorf("%s: %v, %v", id, has, err)
			}
		}
	})
}

func TestABuildKitLoadsIntoANearbyDocker(t *testing.T) {
	host, beside := enginetest.BuildKit(t), enginetest.Docker(t)
	for docker, want := range map[string]bool{beside: true, "unix:///nobody.sock": false} {
		c := find(t, host, "DOCKER_HOST="+docker)
		if got := c.Loader(t.Context()) != nil; got != want {
			t.Errorf("with %s a store is found: %v", docker, got)
		}
	}
}

// silent returns an address where a server listens and never answers.
func silent(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { conn.Close() })
		}
	}()
	return "tcp://" + l.Addr().String()
}

func TestASilentEngineTimesOut(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"BUILDKIT_HOST", "DOCKER_HOST"} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			address, begin := silent(t), time.Now()
			_, err := Find(t.Context(), request(t, "", variable+"="+address))
			if want := "no container engine answers: " + variable + " has " + address +
				": it does not answer"; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestCtrlCEndsTheWaitForAnEngine(t *testing.T) {
	t.Parallel()
	for _, r := range []runner.EngineRequest{
		request(t, "", "BUILDKIT_HOST="+silent(t)), request(t, "", "DOCKER_HOST="+silent(t)),
		request(t, silent(t)), request(t, "docker-container://nobody"),
	} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(200*time.Millisecond, cancel)
		begin := time.Now()
		_, err := Find(ctx, r)
		// the docker command may say that there is none before it is interrupted
		quick := strings.Contains(r.Address, "container")
		if took := time.Since(begin); took > 3*time.Second || !errors.Is(err, context.Canceled) && !quick {
			t.Errorf("%v: %v after %v", r, err, took)
		}
	}
}

func TestOfflineRefusesAnotherMachine(t *testing.T) {
	_, err := Find(t.Context(), runner.EngineRequest{Address: "tcp://192.0.2.1:1234",
		Env: []string{"HOME=" + t.TempDir()}, Offline: true})
	var h hinted
	if !errors.As(err, &h) || fault.Of(h) != fault.FailedPrecondition ||
		h.Error() != "the engine is not on this machine, and --offline was given; --engine has tcp://192.0.2.1:1234" {
		t.Errorf("got %v", err)
	}
}

func TestAServerThatIsNotAnEngine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			io.WriteString(conn, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
			conn.Close()
		}
	}()
	address, certificates := "tcp://"+l.Addr().String(), enginetest.NewAuthority(t).Folder(t)
	for env, want := range map[string]string{"": "the server there is not a BuildKit",
		tlsDir + "=" + certificates: noTLS} {
		_, err = Find(t.Context(), request(t, address, env))
		if want = "no container engine answers: --engine has " + address + ": " + want; err == nil ||
			err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestDockerBehindTLS connects to the Docker engine of this machine through a TLS proxy that requires
// certificates, as for a remote one.
func TestDockerBehindTLS(t *testing.T) {
	host := enginetest.Docker(t)
	ca := enginetest.NewAuthority(t)
	address := enginetest.TLSProxy(t, host, ca.MutualTLS(t))
	dir := ca.Folder(t)
	checkInfo(t, find(t, "", "DOCKER_HOST="+address, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+dir),
		kindDocker, address, "DOCKER_HOST")

	home := t.TempDir()
	addContext(t, home, "far", endpoint.EndpointMeta{Host: address})
	addCertificates(t, home, "far", dir)
	checkInfo(t, find(t, "docker://far", "HOME="+home, "USERPROFILE="+home), kindDocker, address,
		"docker context far")

	other := enginetest.NewAuthority(t).Folder(t)
	_, err := Find(t.Context(), request(t, "", "DOCKER_HOST="+address, "DOCKER_TLS_VERIFY=1",
		"DOCKER_CERT_PATH="+other))
	if err == nil || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "\n") {
		t.Errorf("with certificates of another: %v", err)
	}
}

func addCertificates(t *testing.T, home, name, dir string) {
	t.Helper()
	data, err := dcontext.TLSDataFromFiles(filepath.Join(dir, "ca.pem"), filepath.Join(dir, "cert.pem"),
		filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	s := contextStore(environ{"DOCKER_CONFIG": filepath.Join(home, ".docker")}).(store.Store)
	if err := s.ResetEndpointTLSMaterial(name, endpoint.DockerEndpoint, data.ToStoreTLSData()); err != nil {
		t.Fatal(err)
	}
}
