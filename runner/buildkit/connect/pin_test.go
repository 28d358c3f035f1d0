package connect

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/registrytest"
)

func TestPinsAreDigests(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		digest := "busybox@sha256:" + strings.Repeat("0", 64)
		pins, err := find(t, address).Pin(t.Context(), []string{"busybox", "docker.io/library/busybox:latest", "debian:bookworm-slim", digest})
		if err != nil {
			t.Fatal(err)
		}
		if len(pins) != 4 || pins["busybox"] != pins["docker.io/library/busybox:latest"] || pins["busybox"] == pins["debian:bookworm-slim"] {
			t.Errorf("got %v", pins)
		}
		if !strings.HasPrefix(pins["busybox"], "sha256:") || pins[digest] != strings.TrimPrefix(digest, "busybox@") {
			t.Errorf("got %v", pins)
		}
	})
}

// TestAPrivateRegistryIsAskedAsTheCaller: the credentials are those of the caller's environment, and who has none is told what to do.
func TestAPrivateRegistryIsAskedAsTheCaller(t *testing.T) {
	at := registrytest.Private(t)
	image, mine := at+"/private", registrytest.Login(t, at, registrytest.Somebody)
	for _, args := range [][]string{{"pull", "-q", "busybox"}, {"tag", "busybox", image}, {"--config", mine, "push", "-q", image}, {"rmi", image}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v\n%s", args, err, out)
		}
	}
	enginetest.Each(t, func(t *testing.T, address string) {
		for _, credentials := range []string{"", "somebody:guess"} {
			_, err := find(t, address, "DOCKER_CONFIG="+registrytest.Login(t, at, credentials)).Pin(t.Context(), []string{image})
			if want := "docker login " + at + ", if the image is there and is not public"; err == nil || hint(err) != want {
				t.Errorf("with %q: %v | %s", credentials, err, hint(err))
			}
		}
		pins, err := find(t, address, "DOCKER_CONFIG="+mine).Pin(t.Context(), []string{image})
		if err != nil || !strings.HasPrefix(pins[image], "sha256:") {
			t.Errorf("got %v, %v", pins, err)
		}
	})
}

// hint is that of an error; empty for none.
func hint(err error) string {
	var h interface{ Hint() string }
	if !errors.As(err, &h) {
		return ""
	}
	return h.Hint()
}
