package images

import (
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/fault"
	"github.com/davit-dev/davit/internal/registrytest"
	"github.com/davit-dev/davit/runner/deploy/release"
)

// site is the store of a test.
type site struct {
	Store
	t *testing.T
}

// offered builds an image of its own under a name in a registry, pushes it and forgets it.
func offered(t *testing.T, ref, config, mark string) (id string) {
	t.Helper()
	build := exec.Command("docker", "build", "-q", "-t", ref, "-")
	build.Stdin = strings.NewReader("FROM busybox\nLABEL test=" + ref + mark + "\n")
	out, err := build.Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--config", config, "push", "-q", ref}, {"rmi", "-f", ref}} {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Fatalf("docker %v: %v: %s", args, err, out)
		}
	}
	return strings.TrimSpace(string(out))
}

func TestPullsAreThoseOfTheCaller(t *testing.T) {
	t.Parallel()
	at := registrytest.Private(t)
	ref, mine := at+"/team/app:1", registrytest.Login(t, at, registrytest.Somebody)
	first := offered(t, ref, mine, "1")
	t.Cleanup(func() { exec.Command("docker", "rmi", "-f", ref).Run() })
	s := site{New(enginetest.Client(t), nil), t}
	for _, credentials := range []string{"", "somebody:guess"} {
		s.Env = []string{"DOCKER_CONFIG=" + registrytest.Login(t, at, credentials)}
		_, err := s.Pull(t.Context(), ref, false, nil)
		var told interface {
			Hint() string
			Category() fault.Category
		}
		if !errors.As(err, &told) || told.Category() != fault.FailedPrecondition ||
			told.Hint() != "docker login "+at+", if the image is there and is not public" ||
			!strings.HasPrefix(err.Error(), `image "`+ref+`" cannot be pulled: `) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("with %q: %v", credentials, err)
		}
	}
	s.Env = []string{"DOCKER_CONFIG=" + mine}
	was := s.pulled(ref, false)
	if was.Ref() != first || !strings.HasPrefix(was.Digest, "sha256:") {
		t.Errorf("got %+v, wanted %s", was, first)
	}

	// A tag that has moved is seen by who asks.
	exec.Command("docker", "tag", ref, ref+"-aside").Run()
	t.Cleanup(func() { exec.Command("docker", "rmi", "-f", ref+"-aside").Run() })
	second := offered(t, ref, mine, "2")
	exec.Command("docker", "tag", first, ref).Run()
	if i := s.pulled(ref, false); i.Ref() != first {
		t.Errorf("an image that is there was not taken: %+v", i)
	}
	if i := s.pulled(ref, true); i.Ref() != second || i.Digest == was.Digest {
		t.Errorf("the registry was not asked: %+v", i)
	}
	if i := s.pulled(at+"/team/app@"+was.Digest, false); i.Ref() != first || i.Digest != was.Digest {
		t.Errorf("by its digest it is %+v, wanted %s", i, first)
	}
}

func (s site) pulled(ref string, always bool) release.Image {
	s.t.Helper()
	i, err := s.Pull(s.t.Context(), ref, always, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}
