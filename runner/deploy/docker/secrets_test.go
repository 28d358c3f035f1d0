package docker

import (
	"slices"
	"testing"

	"github.com/docker/compose/v5/pkg/api"
	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestSee: a password hides no word that is the name of a user or of a service too, also where the label says that it is a
// secret.
func TestSee(t *testing.T) {
	b := New(Options{Environment: release.Environment{Project: "shop", Name: "dev"}})
	var seen []string
	b.Learn(func(value string) { seen = append(seen, value) })
	one := func(service, secrets string, env ...string) observedContainer {
		return observedContainer{InspectResponse: container.InspectResponse{Config: &container.Config{Env: env,
			Labels: map[string]string{api.ServiceLabel: service, label.Secrets: secrets}}}}
	}
	b.see([]observedContainer{
		one("web", "environment.URL", "URL=postgresql://postgres:postgres@postgres/x", "API_KEY=k8s-and-more"),
		one("postgres", "", "POSTGRES_PASSWORD=postgres"),
		one("history", "environment.POSTGRES_PASSWORD", "POSTGRES_USER=temporal", "POSTGRES_PASSWORD=temporal"),
	})
	if slices.Contains(seen, "temporal") || slices.Contains(seen, "postgres") || !slices.Contains(seen, "k8s-and-more") {
		t.Errorf("hidden are %q", seen)
	}
}
