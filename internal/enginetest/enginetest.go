// Package enginetest gives tests the container engines of this machine, as addresses for --engine. A test
// whose engine does not answer is skipped, with a line that says so; with CI=true it fails.
//
// There are two: the Docker engine of DOCKER_HOST or of the default socket, whose BuildKit may be old, and a
// buildkitd at DAVIT_TEST_BUILDKIT_HOST. A test that needs something else, such as engines behind TLS or
// several ones, starts its own with BuildDaemon.
package enginetest

import (
	"net"
	"net/url"
	"os"
	"testing"
	"time"
)

// BuildKitHost is the variable with the address of a buildkitd.
const BuildKitHost = "DAVIT_TEST_BUILDKIT_HOST"

// Each runs a test once for each of the two engines.
func Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("docker", func(t *testing.T) { test(t, Docker(t)) })
	t.Run("buildkit", func(t *testing.T) { test(t, BuildKit(t)) })
}

// Docker returns the address of the Docker engine.
func Docker(t testing.TB) string {
	t.Helper()
	host := os.Getenv("DOCKER_HOST")
	if host == "" {
		host = "unix:///var/run/docker.sock"
	}
	if !listens(host) {
		Missing(t, "no Docker engine listens at "+host)
	}
	return host
}

// BuildKit returns the address of the buildkitd.
func BuildKit(t testing.TB) string {
	t.Helper()
	host := os.Getenv(BuildKitHost)
	if host == "" {
		Missing(t, BuildKitHost+" names no BuildKit")
	}
	if !listens(host) {
		Missing(t, "no BuildKit listens at "+host)
	}
	return host
}

// Missing skips a test, or fails it with CI=true.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("left out: " + why)
}

// listens reports whether somebody listens at a socket or a port. It returns true for other addresses, which
// only their use can test.
func listens(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	at := u.Host
	switch u.Scheme {
	case "unix":
		at = u.Path
	case "tcp":
	default:
		return true
	}
	conn, err := net.DialTimeout(u.Scheme, at, 5*time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}
