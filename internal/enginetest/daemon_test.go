package enginetest

import (
	"os/exec"
	"testing"
)

func TestTheDaemonIsOfTheReleaseOfTheClient(t *testing.T) {
	release := func(dir string) string {
		c := exec.Command("go", "list", "-m", "github.com/moby/buildkit")
		c.Dir = dir
		out, err := c.Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	if own, other := release("."), release("testdata/buildkitd"); own != other {
		t.Errorf("go.mod has %q and testdata/buildkitd/go.mod has %q", own, other)
	}
}
