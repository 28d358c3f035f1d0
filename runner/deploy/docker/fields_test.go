package docker

import (
	"testing"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"

	"github.com/davit-dev/davit/runner/deploy/compose"
	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestIsFresh: a container whose name is not in DNS yet needs no replacement, and a value of the user's that
// reads like that is a value like any other.
func TestIsFresh(t *testing.T) {
	model, err := compose.Renderer{Environment: release.Environment{Project: "shop", Name: "dev", Dir: t.TempDir(),
		Generated: []byte("services: {web: {image: x}}")}}.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := release.Service{StartFirst: true, Fields: release.Fields{
		"image": "sha256:1", "environment.SAID": "not in DNS", "networks.default": "",
	}}
	for name, c := range map[string]struct {
		said        string
		aliases     []string
		fresh       bool
		unannounced bool
	}{
		"in DNS":        {"not in DNS", []string{"web"}, true, false},
		"not in DNS":    {"not in DNS", nil, true, true},
		"another value": {"in DNS", []string{"web"}, false, false},
	} {
		f := observedContainer{InspectResponse: container.InspectResponse{
			ID: "0123456789ab", Name: "/shop-dev-web-1", Image: "sha256:1",
			HostConfig: &container.HostConfig{},
			Config: &container.Config{Env: []string{"SAID=" + c.said}, Hostname: "0123456789ab",
				Labels: map[string]string{
					api.ServiceLabel: "web", label.Fields: want.Fields.Sum(),
					label.Image: "sha256:1 sha256:1",
				}},
			NetworkSettings: &container.NetworkSettings{Networks: map[string]*network.EndpointSettings{"shop-dev_default": {Aliases: c.aliases}}},
		}}
		l := &observation{backend: &Backend{project: "shop-dev"}, containers: []observedContainer{f},
			networks: map[string]string{"shop-dev_default": "default"}}
		a := &apply{
			backend: l.backend, kinds: map[string]release.ChangeKind{"web": release.Replace}, model: model,
			release: release.Release{Model: release.Model{Services: map[string]release.Service{"web": want}}},
		}
		if fresh, unannounced := (&reconciler{apply: a, name: "web", want: want}).isFresh(l, f); fresh != c.fresh ||
			unannounced != c.unannounced {
			t.Errorf("%s: fresh %v and mute %v, wanted %v and %v", name, fresh, unannounced, c.fresh,
				c.unannounced)
		}
	}
}
