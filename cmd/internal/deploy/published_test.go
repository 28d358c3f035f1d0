package deploy

import (
	"slices"
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestPublications(t *testing.T) {
	live := release.Observed{Containers: map[string][]release.Container{
		"web": {{}, {Ports: map[string]string{"80/tcp": "0.0.0.0:8080", "443/tcp": ":::8443",
			"53/udp": "0.0.0.0:53"}}, {Ports: map[string]string{"80/tcp": "0.0.0.0:1"}}},
		"db": {{Ports: map[string]string{"5432/tcp": "127.0.0.1:5432"}}},
	}}
	for _, c := range []struct {
		service, host string
		want          []Address
	}{
		{"web", "", []Address{
			{Service: "web", Port: "443/tcp", At: "127.0.0.1:8443", URL: "https://127.0.0.1:8443"},
			{Service: "web", Port: "53/udp", At: "127.0.0.1:53"},
			{Service: "web", Port: "80/tcp", At: "127.0.0.1:8080", URL: "http://127.0.0.1:8080"}}},
		{"db", "far", []Address{{Service: "db", Port: "5432/tcp", At: "127.0.0.1:5432",
			URL: "http://127.0.0.1:5432", Tunnel: "ssh -N -L 5432:127.0.0.1:5432 far"}}},
		{"nobody", "", nil},
	} {
		if got := publications(live, c.service, c.host); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %+v", c.service, got)
		}
	}
	if got := publications(live, "", "::1:2"); len(got) != 4 || got[3].At != "[::1:2]:8080" {
		t.Errorf("all: %+v", got)
	}
}
