package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// shared is the folder of what all tests share.
var shared string

func TestMain(m *testing.M) { os.Exit(withShared(m)) }

func withShared(m *testing.M) int {
	var err error
	if shared, err = os.MkdirTemp("", "davit-programs-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(shared)
	return m.Run()
}

// programs returns a folder with davit and davit-engine of release 1.0.0 in one, and a davit of release 2.0.0 in
// two.
func programs(t *testing.T) string {
	t.Helper()
	if err := built(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(shared, "bin")
}

var built = sync.OnceValue(func() error {
	bin := filepath.Join(shared, "bin")
	if err := build("1.0.0", filepath.Join(bin, "one"), "cmd/davit", "cmd/davit-engine"); err != nil {
		return err
	}
	return build("2.0.0", filepath.Join(bin, "two"), "cmd/davit")
})

// build builds commands of one release into a folder, as make build does, so that only the links are new.
func build(release, to string, commands ...string) error {
	const module = "github.com/davit-dev/davit/"
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -X "+module+"cmd/internal/cli.Version="+release,
		"-o", to+"/")
	for _, name := range commands {
		c.Args = append(c.Args, module+name)
	}
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}
