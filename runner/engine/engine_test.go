package engine

import (
	"strings"
	"testing"

	"github.com/docker/cli/cli/context/docker"
	moby "github.com/moby/moby/client"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner"
)

func TestADockerEngineByAnyName(t *testing.T) {
	host := enginetest.Docker(t)
	home := t.TempDir()
	addContext(t, home, "near", docker.EndpointMeta{Host: host})
	base := []string{"HOME=" + home, "USERPROFILE=" + home, "BUILDKIT_HOST=unix:///nobody.sock"}
	for _, test := range []struct{ address, variable string }{
		{host, ""}, {"", "DOCKER_HOST=" + host}, {"docker://near", ""}, {"docker://", "DOCKER_CONTEXT=near"},
	} {
		d, err := Docker(t.Context(), runner.EngineRequest{Address: test.address,
			Env: append(base, test.variable), Offline: true})
		if err != nil {
			t.Errorf("%+v: %v", test, err)
			continue
		}
		if _, err := d.ServerVersion(t.Context(), moby.ServerVersionOptions{}); err != nil {
			t.Errorf("%+v: %v", test, err)
		}
		d.Close()
	}
}

func TestNoDockerEngine(t *testing.T) {
	for address, want := range map[string]string{
		"unix:///nobody.sock": "no container engine answers: project.toml has unix:///nobody.sock: no such file or directory",
		"docker://nowhere":    `there is no docker context "nowhere"`,
		"kube-pod://builder":  `kube-pod`,
		"tcp://192.0.2.1:1":   "the engine is not on this machine, and --offline was given; project.toml has tcp://192.0.2.1:1",
	} {
		_, err := Docker(t.Context(), runner.EngineRequest{Address: address, From: fromProject,
			Env: []string{"HOME=" + t.TempDir()}, Offline: address == "tcp://192.0.2.1:1"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, wanted %s", address, err, want)
		}
	}
}

// The fault is with whoever named the address, and so is the hint.
func TestABadAddressNamesItsSource(t *testing.T) {
	for want, r := range map[string]runner.EngineRequest{
		`--engine has "foo", which is not the address of an engine`:     {Address: "foo"},
		`project.toml has "foo", which is not the address of an engine`: {Address: "foo", From: fromProject},
		`DOCKER_HOST has "foo", which is not the address of an engine`:  {Env: []string{"DOCKER_HOST=foo"}},
	} {
		if _, err := Docker(t.Context(), r); err == nil || err.Error() != want {
			t.Errorf("got %v, wanted %s", err, want)
		}
	}
}

// An IPv6 address has no brackets, so join it with a port by net.JoinHostPort.
func TestMachineIsTheNameInTheAddress(t *testing.T) {
	for address, want := range map[string]string{
		"ssh://deploy@staging.example.com": "staging.example.com",
		"tcp://192.0.2.1:2376":             "192.0.2.1",
		"tcp://[2001:db8::1]:2376":         "2001:db8::1",
		"ssh://deploy@[2001:db8::1]":       "2001:db8::1",
		"tcp://[::1]:2376":                 "",
		"unix:///var/run/docker.sock":      "",
	} {
		if got := Machine(address, []string{"HOME=" + t.TempDir()}); got != want {
			t.Errorf("%s: got %q, wanted %q", address, got, want)
		}
	}
}
