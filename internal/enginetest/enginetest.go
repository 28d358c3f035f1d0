// Package enginetest gives tests the container engines of this machine, as addresses for --engine. A test that needs one which does
// not answer is left out, with a line that says so; with CI=true it fails.
//
// There are two: the Docker engine of DOCKER_HOST or of the usual socket, whose BuildKit may be old, and a BuildKit of its own at
// DAVIT_TEST_BUILDKIT_HOST. A test of what these two are not, as engines behind TLS or several ones, starts its own with BuildDaemon.
package enginetest

import (
	"net"
	"net/url"
	"os"
	"testing"
	"time"
)

// BuildKitHost is the variable with the address of a BuildKit of its own.
const BuildKitHost = "DAVIT_TEST_BUILDKIT_HOST"

// Each runs a test once for each of the two engines.
func Each(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("docker", func(t *testing.T) { test(t, Docker(t)) })
	t.Run("buildkit", func(t *testing.T) { test(t, BuildKit(t)) })
}

// Docker is the address of the Docker engine.
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

// BuildKit is the address of a BuildKit of its own.
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

// Missing leaves a test out, or fails it with CI=true.
func Missing(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip("left out: " + why)
}

// listens tells, of a socket or a port, whether somebody listens; of other addresses only their use can tell.
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
