package engine

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
		pins, err := find(t, address).Pin(t.Context(),
			[]string{"busybox", "docker.io/library/busybox:latest", "debian:bookworm-slim", digest})
		if err != nil {
			t.Fatal(err)
		}
		if len(pins) != 4 || pins["busybox"] != pins["docker.io/library/busybox:latest"] ||
			pins["busybox"] == pins["debian:bookworm-slim"] {
			t.Errorf("got %v", pins)
		}
		if !strings.HasPrefix(pins["busybox"], "sha256:") ||
			pins[digest] != strings.TrimPrefix(digest, "busybox@") {
			t.Errorf("got %v", pins)
		}
	})
}

func TestAnUnreachableRegistryIsNamed(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		_, err := find(t, address).Pin(t.Context(), []string{"127.0.0.1:1/nobody/nothing:1", "busybox"})
		want := `the image "127.0.0.1:1/nobody/nothing:1" cannot be resolved: the registry 127.0.0.1:1 cannot be reached: connection refused`
		if err == nil || err.Error() != want || strings.Contains(hint(err), "docker login") {
			t.Errorf("got %v | %s", err, hint(err))
		}
	})
}

func TestAMissingImageNeedsNoLogin(t *testing.T) {
	at := registrytest.Start(t, nil)
	enginetest.Each(t, func(t *testing.T, address string) {
		_, err := find(t, address).Pin(t.Context(), []string{at + "/nothing:1"})
		if err == nil || !strings.HasPrefix(err.Error(),
			`the image "`+at+`/nothing:1" cannot be resolved: `) || strings.Contains(err.Error(), "\n") ||
			hint(err) != "" {
			t.Errorf("got %v | %s", err, hint(err))
		}
	})
}

// TestPinUsesTheCallersCredentials checks that the credentials come from the caller's environment, and
// that the error without any has a hint.
func TestPinUsesTheCallersCredentials(t *testing.T) {
	at := registrytest.Private(t)
	image, mine := at+"/private", registrytest.Login(t, at, registrytest.Somebody)
	for _, args := range [][]string{{"pull", "-q", "busybox"}, {"tag", "busybox", image},
		{"--config", mine, "push", "-q", image}, {"rmi", image}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v\n%s", args, err, out)
		}
	}
	enginetest.Each(t, func(t *testing.T, address string) {
		for _, credentials := range []string{"", "somebody:guess"} {
			_, err := find(t, address, "DOCKER_CONFIG="+registrytest.Login(t, at,
				credentials)).Pin(t.Context(), []string{image})
			if want := "docker login " + at + ", if the image is there and is not public"; err == nil ||
				hint(err) != want {
				t.Errorf("with %q: %v | %s", credentials, err, hint(err))
			}
		}
		pins, err := find(t, address, "DOCKER_CONFIG="+mine).Pin(t.Context(), []string{image})
		if err != nil || !strings.HasPrefix(pins[image], "sha256:") {
			t.Errorf("got %v, %v", pins, err)
		}
	})
}

// hint returns the hint of an error, or "".
func hint(err error) string {
	var h interface{ Hint() string }
	if !errors.As(err, &h) {
		return ""
	}
	return h.Hint()
}
