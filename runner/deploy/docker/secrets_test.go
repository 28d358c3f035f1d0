package docker

import (
	"slices"
	"testing"

	"github.com/moby/moby/api/types/container"

	"github.com/davit-dev/davit/runner/deploy/docker/label"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// TestSee: a password that is the name of the user too hides no word, as in the names of services, also where the label
// says that it is a secret.
func TestSee(t *testing.T) {
	b := New(Options{Environment: release.Environment{Project: "shop", Name: "dev"}})
	var seen []string
	b.Learn(func(value string) { seen = append(seen, value) })
	b.see(container.InspectResponse{Config: &container.Config{
		Env:    []string{"POSTGRES_USER=temporal", "POSTGRES_PASSWORD=temporal", "API_KEY=k8s-and-more"},
		Labels: map[string]string{label.Secrets: "environment.POSTGRES_PASSWORD,environment.API_KEY"},
	}})
	if slices.Contains(seen, "temporal") || !slices.Contains(seen, "k8s-and-more") {
		t.Errorf("hidden are %q", seen)
	}
}
