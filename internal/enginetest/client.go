package enginetest

import (
	"crypto/rand"
	"os/exec"
	"strings"
	"testing"

	"github.com/moby/moby/client"
)

// Client returns a client of the Docker engine.
func Client(t testing.TB) *client.Client {
	t.Helper()
	c, err := client.New(client.WithHost(Docker(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// Project returns a name that no other test has.
func Project() string { return "t" + strings.ToLower(rand.Text()[:8]) }

// Image builds an image that no other test has, and returns its id.
func Image(t testing.TB, name string) string {
	t.Helper()
	c := exec.Command("docker", "build", "-q", "-t", name, "-")
	c.Stdin = strings.NewReader("FROM busybox\nLABEL test=" + name + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatalf("docker build: %v", err)
	}
	t.Cleanup(func() { exec.Command("docker", "rmi", "-f", name).Run() })
	return strings.TrimSpace(string(out))
}
