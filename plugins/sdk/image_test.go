package sdk

import (
	"reflect"
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
)

func TestStaticImage(t *testing.T) {
	got := StaticImage("", "package-build", "api/.davit/package/shop", Ports{8080}, nil)
	want := &plan.Image{
		Base: Static, Copy: []plan.Copy{{Of: "package-build", From: "api/.davit/package/shop",
			To: "/app/shop"}}, Workdir: "/app",
		User: Nobody, Entrypoint: []string{"/app/shop"}, Expose: []string{"8080/tcp"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, wanted %+v", got, want)
	}
	got = StaticImage("debian:12-slim", "build", "shop", nil, []string{"/app/shop", "-healthy"})
	if got.Base != "debian:12-slim" || got.Healthcheck == nil || got.Healthcheck.Argv[1] != "-healthy" {
		t.Errorf("got %+v", got)
	}
}

func TestHealth(t *testing.T) {
	accepts := func(port int) []string { return []string{"nc", "-z", "localhost"} }
	for name, c := range map[string]struct {
		ports      Ports
		configured []string
		accepts    func(int) []string
		want       string
	}{
		"configured":    {Ports{80}, []string{"/app/shop", "-healthy"}, accepts, "/app/shop"},
		"by its port":   {Ports{80}, nil, accepts, "nc"},
		"no port":       {nil, nil, accepts, ""},
		"no way to ask": {Ports{80}, nil, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := c.ports.Health(c.configured, c.accepts)
			if h == nil && c.want != "" || h != nil && (c.want == "" || h.Argv[0] != c.want) {
				t.Errorf("got %+v, wanted %q", h, c.want)
			}
		})
	}
}
