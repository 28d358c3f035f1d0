package compose

import (
	"testing"

	"github.com/davit-dev/davit/runner/deploy/release"
)

func TestThePortZeroIsAnyThatIsFree(t *testing.T) {
	m := load(t, "-- compose.yaml --\nservices:\n  web: {image: busybox, ports: ['127.0.0.1:0:80'], healthcheck: {test: [CMD, 'true']}}\n")
	m, err := m.Pin(map[string]release.Image{"web": {Digest: "sha256:1"}})
	if err != nil {
		t.Fatal(err)
	}
	web := m.Canonical().Services["web"]
	if at := web.Fields["ports.80/tcp"]; at != "127.0.0.1:any" || !web.StartFirst {
		t.Errorf("port 80 is at %q, start-first %v, since %s", at, web.StartFirst, web.Reason)
	}
}

// Docker's side of the same addresses is TestPublishedPortsHaveBracketsAroundIPv6 of docker.
func TestPortsAreWrittenOneWay(t *testing.T) {
	t.Parallel()
	for port, want := range map[string]string{
		"80": "any", "8080:80": "8080", "127.0.0.1::80": "127.0.0.1:any", "[::1]:8080:80": "[::1]:8080",
		"[0:0::1]:8080:80": "[::1]:8080",
	} {
		web := load(t, "-- compose.yaml --\nservices:\n  web: {image: busybox, ports: ['"+port+
			"']}\n").Canonical().Services["web"]
		if got := web.Fields["ports.80/tcp"]; got != want {
			t.Errorf("%s is %q, want %q", port, got, want)
		}
	}
}
