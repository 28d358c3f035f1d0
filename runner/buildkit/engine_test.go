package buildkit

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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
	"github.com/davit-dev/davit/runner"
)

// engineOf is an engine that is asked for in an environment of its own.
func engineOf(t *testing.T, address string, pairs ...string) *Engine {
	t.Helper()
	env := append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, pairs...)
	return New(runner.EngineRequest{Address: address, Env: env}).(*Engine)
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
		{"as docker would", "docker://", []string{"DOCKER_HOST=" + host, "BUILDKIT_HOST=unix:///nobody.sock"}, "DOCKER_HOST"},
		{"DOCKER_HOST", "", []string{"DOCKER_HOST=" + host}, "DOCKER_HOST"},
		{"a context", "docker://near", []string{"HOME=" + home, "USERPROFILE=" + home}, "docker context near"},
		{"DOCKER_CONTEXT", "", []string{"HOME=" + home, "USERPROFILE=" + home, "DOCKER_CONTEXT=near"}, "docker context near"},
	} {
		t.Run(test.name, func(t *testing.T) {
			met(t, engineOf(t, test.address, test.env...), kindDocker, host, test.from)
		})
	}
}

func TestEveryWayToABuildKit(t *testing.T) {
	host := enginetest.BuildKit(t)
	met(t, engineOf(t, host), kindBuildKit, host, "--engine")
	met(t, engineOf(t, "", "BUILDKIT_HOST="+host, "DOCKER_HOST=unix:///nobody.sock"), kindBuildKit, host, "BUILDKIT_HOST")
}

// met checks what an engine says of itself.
func met(t *testing.T, e *Engine, kind, address, from string) {
	t.Helper()
	info, err := e.Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := runner.EngineInfo{Kind: kind, Address: address, From: from, Version: info.Version, Platforms: info.Platforms, Abilities: info.Abilities}
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
	c, err := e.connect(t.Context())
	if err != nil || c.embedded != (kind == kindDocker) || (c.docker != nil) != c.embedded {
		t.Errorf("the connection is %+v, %v", c, err)
	}
}

func TestCapabilitiesAreThoseOfTheEngine(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		c, err := engineOf(t, address).connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range map[apicaps.CapID]bool{pb.CapExecMountSecret: true, gatewaypb.CapReadFile: true, "no.such.thing": false} {
			if has, err := c.has(t.Context(), id); has != want || err != nil {
				t.Errorf("%s: %v, %v", id, has, err)
			}
		}
	})
}

func TestABuildKitTakesTheStoreOfTheDockerBesideIt(t *testing.T) {
	host, beside := enginetest.BuildKit(t), enginetest.Docker(t)
	for docker, want := range map[string]bool{beside: true, "unix:///nobody.sock": false} {
		c, err := engineOf(t, host, "DOCKER_HOST="+docker).connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := c.loader(t.Context()) != nil; got != want {
			t.Errorf("with %s a store is found: %v", docker, got)
		}
	}
}

func TestPinsAreDigests(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		digest := "busybox@sha256:" + strings.Repeat("0", 64)
		pins, err := engineOf(t, address).Pin(t.Context(), []string{"busybox", "docker.io/library/busybox:latest", "debian:bookworm-slim", digest})
		if err != nil {
			t.Fatal(err)
		}
		if len(pins) != 4 || pins["busybox"] != pins["docker.io/library/busybox:latest"] || pins["busybox"] == pins["debian:bookworm-slim"] {
			t.Errorf("got %v", pins)
		}
		if !strings.HasPrefix(pins["busybox"], "sha256:") || pins[digest] != strings.TrimPrefix(digest, "busybox@") {
			t.Errorf("got %v", pins)
		}
	})
}

func TestAnImageThatIsNotThereIsNamed(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		_, err := engineOf(t, address).Pin(t.Context(), []string{"127.0.0.1:1/nobody/nothing:1", "busybox"})
		var h interface{ Hint() string }
		if err == nil || !strings.HasPrefix(err.Error(), `the image "127.0.0.1:1/nobody/nothing:1" cannot be resolved: `) || strings.Contains(err.Error(), "\n") {
			t.Errorf("got %v", err)
		}
		if !errors.As(err, &h) || h.Hint() != "docker login 127.0.0.1:1, if the image is there and is not public" {
			t.Errorf("without its hint: %v", err)
		}
	})
}

func TestOneConnectionForAll(t *testing.T) {
	e := engineOf(t, enginetest.Docker(t))
	all := make([]*connection, 8)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() { all[i], _ = e.connect(t.Context()) })
	}
	wait.Wait()
	if all[0] == nil || len(slices.Compact(all)) != 1 {
		t.Errorf("several connections: %v", all)
	}
}

// silent is an address where somebody listens and says nothing.
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

func TestAnEngineThatDoesNotAnswerIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"BUILDKIT_HOST", "DOCKER_HOST"} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			address, begin := silent(t), time.Now()
			e := engineOf(t, "", variable+"="+address)
			_, err := e.connect(t.Context())
			if want := "no container engine answers: " + variable + " has " + address + ": it does not answer"; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if took := time.Since(begin); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			begin = time.Now()
			if _, again := e.connect(t.Context()); again != err || time.Since(begin) > time.Second {
				t.Errorf("it was tried again: %v", again)
			}
		})
	}
}

func TestCtrlCEndsTheWaitForAnEngine(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"BUILDKIT_HOST=" + silent(t), "DOCKER_HOST=" + silent(t), "NOTHING=", "BUILDKIT_HOST=docker-container://nobody"} {
		e := engineOf(t, "", address)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(200*time.Millisecond, cancel)
		if address == "NOTHING=" {
			e.request.Address = silent(t)
		}
		begin := time.Now()
		_, err := e.connect(ctx)
		if took := time.Since(begin); took > 3*time.Second || !errors.Is(err, context.Canceled) && !strings.Contains(address, "container") {
			t.Errorf("%s: %v after %v", address, err, took)
		}
	}
}

func TestOfflineRefusesAnotherMachine(t *testing.T) {
	e := New(runner.EngineRequest{Address: "tcp://192.0.2.1:1234", Env: []string{"HOME=" + t.TempDir()}, Offline: true}).(*Engine)
	_, err := e.connect(t.Context())
	var h hinted
	if !errors.As(err, &h) || h.ExitCode() != 2 || h.Error() != "the engine is not on this machine, and --offline was given; --engine has tcp://192.0.2.1:1234" {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsNoEngineIsSaid(t *testing.T) {
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
	address, certificates := "tcp://"+l.Addr().String(), newAuthority(t).folder(t)
	for env, want := range map[string]string{"": "what answers there is no BuildKit", tlsDir + "=" + certificates: noTLS} {
		_, err = engineOf(t, address, env).connect(t.Context())
		if want = "no container engine answers: --engine has " + address + ": " + want; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

// TestDockerBehindTLS reaches the Docker engine of this machine through a door that wants certificates, as a remote one does.
func TestDockerBehindTLS(t *testing.T) {
	host := enginetest.Docker(t)
	ca := newAuthority(t)
	address := door(t, host, ca.mutual(t))
	dir := ca.folder(t)
	met(t, engineOf(t, "", "DOCKER_HOST="+address, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+dir), kindDocker, address, "DOCKER_HOST")

	home := t.TempDir()
	addContext(t, home, "far", endpoint.EndpointMeta{Host: address})
	addCertificates(t, home, "far", dir)
	met(t, engineOf(t, "docker://far", "HOME="+home, "USERPROFILE="+home), kindDocker, address, "docker context far")

	other := newAuthority(t).folder(t)
	_, err := engineOf(t, "", "DOCKER_HOST="+address, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+other).connect(t.Context())
	if err == nil || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "\n") {
		t.Errorf("with certificates of another: %v", err)
	}
}

func addCertificates(t *testing.T, home, name, dir string) {
	t.Helper()
	data, err := dcontext.TLSDataFromFiles(filepath.Join(dir, "ca.pem"), filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	s := contextStore(environ{"DOCKER_CONFIG": filepath.Join(home, ".docker")}).(store.Store)
	if err := s.ResetEndpointTLSMaterial(name, endpoint.DockerEndpoint, data.ToStoreTLSData()); err != nil {
		t.Fatal(err)
	}
}

// door listens with TLS, and passes everything on to a socket.
func door(t *testing.T, host string, config *tls.Config) string {
	t.Helper()
	network, at, _ := strings.Cut(host, "://")
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			go pass(conn, network, at)
		}
	}()
	return "tcp://" + l.Addr().String()
}

func pass(conn net.Conn, network, at string) {
	defer conn.Close()
	to, err := net.Dial(network, at)
	if err != nil {
		return
	}
	defer to.Close()
	go io.Copy(to, conn)
	io.Copy(conn, to)
}
