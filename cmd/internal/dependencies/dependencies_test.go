// Package dependencies tests that the verdict of davit is that of a clean clone, for each package manager and
// whatever happened to the environment before: a lock file that moves, a registry that is down, an environment
// that is half made, and the like.
//
// Each manager has a tiny project whose test passes only with version 1.11.0 of the package mast, and a registry
// of its own on the loopback interface. A case does something to the project, and says what the verdict must be
// then. With -native, the project's own commands run in a clean clone after each step too, and must agree.
//
//	go test ./cmd/internal/dependencies -run '/uv/'
//	go test ./cmd/internal/dependencies -native -slow -table
package dependencies

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

var (
	native = flag.Bool("native", false, "run the project's own commands in a clean clone too")
	slow   = flag.Bool("slow", false, "all cases of managers that take long")
	table  = flag.Bool("table", false, "print a table of managers and cases")
)

// davit is the program under test, and compiled a folder where its plugins are kept compiled. Compiling them in
// each world would take most of the time of the test.
var davit, compiled string

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withDavit(m))
}

func withDavit(m *testing.M) int {
	dir, err := os.MkdirTemp("", "davit-dependencies-")
	if err == nil {
		defer os.RemoveAll(dir)
		err = build(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// build builds davit in a folder, as make build does, so that only the link is new.
func build(dir string) error {
	davit, compiled = filepath.Join(dir, "davit"), filepath.Join(dir, "plugins")
	if err := os.Mkdir(compiled, 0o700); err != nil {
		return err
	}
	c := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", davit, "github.com/davit-dev/davit/cmd/davit")
	c.Env = append(c.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// TestDependencies tries each case with each manager.
func TestDependencies(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("left out: the managers are started by scripts of sh")
	}
	results := newResults()
	t.Run("managers", func(t *testing.T) {
		for _, m := range managers {
			t.Run(m.name, func(t *testing.T) {
				if m.name == "pipenv" && !*slow {
					t.Skip("left out without -slow: it takes two minutes")
				}
				t.Parallel()
				m.try(t, results)
			})
		}
	})
	if *table {
		fmt.Print(results)
	}
}

// try runs all cases of a manager, one after the other in one world. After one that fails, the next gets a new
// world.
func (m manager) try(t *testing.T, results *results) {
	p := newPlace(t, m)
	w := p.newWorld(t)
	for _, c := range cases {
		if !c.appliesTo(m) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			if w == nil {
				w = p.newWorld(t)
			}
			defer results.add(t, m.name, c.name)
			r := &round{T: t, world: w, name: c.name}
			c.run(r)
			if t.Failed() || c.last {
				w = nil
			}
		})
	}
}
