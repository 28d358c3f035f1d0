// Package registrytest gives tests a registry of their own: the image registry:2 in the Docker engine of this
// machine, on a free port of the loopback interface.
package registrytest

import (
	"io"
	"log"
	"net/http"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"

	"github.com/davit-dev/davit/internal/enginetest"
)

// Start returns the address of an empty registry that ends with the test. Its container gets the files, by
// path, and the variables in env.
func Start(t *testing.T, env map[string]string, files ...testcontainers.ContainerFile) string {
	t.Helper()
	at, _ := start(t, env, files)
	return at
}

// start returns the address of an empty registry, and its container.
func start(t *testing.T, env map[string]string, files []testcontainers.ContainerFile) (string, testcontainers.Container) {
	t.Helper()
	enginetest.Docker(t)
	c, err := testcontainers.GenericContainer(t.Context(), testcontainers.GenericContainerRequest{
		ContainerRequest: testcontainers.ContainerRequest{
			Image: "registry:2", ExposedPorts: []string{"5000/tcp"}, Env: env, Files: files,
		},
		Started: true, Logger: log.New(io.Discard, "", 0),
	})
	testcontainers.CleanupContainer(t, c)
	if err != nil {
		t.Fatal(err)
	}
	port, err := c.MappedPort(t.Context(), "5000/tcp")
	if err != nil {
		t.Fatal(err)
	}
	// Not the host of the container: only a registry on the loopback interface is reached over plain HTTP.
	at := "127.0.0.1:" + port.Port()
	answers(t, at)
	return at, c
}

// answers waits until the registry answers.
func answers(t *testing.T, at string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if answer, err := http.Get("http://" + at + "/v2/"); err == nil {
			answer.Body.Close()
			return
		}
	}
	t.Fatalf("the registry at %s does not answer", at)
}
