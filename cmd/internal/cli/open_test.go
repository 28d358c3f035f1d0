package cli

import (
	"strings"
	"testing"

	"github.com/davit-dev/davit/cmd/internal/deploy"
)

// TestAtPort checks that a port that is not published is answered with those that are.
func TestAtPort(t *testing.T) {
	all := []deploy.Address{{Service: "web", Port: "8080/tcp"}, {Service: "web", Port: "8443/tcp"}}
	for port, want := range map[string]int{"": 2, "8080": 1, "8443/tcp": 1} {
		if at, err := atPort(all, "dev", "web", port); err != nil || len(at) != want {
			t.Errorf("%q: got %v and %v, wanted %d", port, at, err, want)
		}
	}
	want := `service "web" of dev does not publish port 99, only 8080, 8443`
	if _, err := atPort(all, "dev", "web", "99"); err == nil || err.Error() != want {
		t.Errorf("got %v, wanted %s", err, want)
	}
	want = "dev does not publish port 99"
	if _, err := atPort(all, "dev", "", "99"); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, wanted %s", err, want)
	}
	if at, err := atPort(nil, "dev", "web", "99"); err != nil || len(at) > 0 {
		t.Errorf("got %v and %v, wanted nothing", at, err)
	}
}
