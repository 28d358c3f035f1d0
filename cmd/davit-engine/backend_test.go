package main

import (
	"testing"

	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestAnUnknownBackendIsRefused(t *testing.T) {
	_, err := backend(t.Context(), runner.EngineRequest{}, release.Environment{Name: "dev", Backend: "nomad"},
		nil)
	want := `environment dev has the backend "nomad", which davit does not have`
	if err == nil || err.Error() != want || fault.Of(err) != fault.FailedPrecondition {
		t.Errorf("got %v, wanted %s", err, want)
	}
}
