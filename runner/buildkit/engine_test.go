package buildkit

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/runner"
	"github.com/davit-dev/davit/runner/engine"
)

// engineOf returns an engine with an environment of its own.
func engineOf(t *testing.T, address string, pairs ...string) *Engine {
	t.Helper()
	env := append([]string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}, pairs...)
	return New(runner.EngineRequest{Address: address, Env: env}).(*Engine)
}

func TestConnectOnce(t *testing.T) {
	e := engineOf(t, enginetest.Docker(t))
	all := make([]*engine.Connection, 8)
	var wait sync.WaitGroup
	for i := range all {
		wait.Go(func() { all[i], _ = e.connect(t.Context()) })
	}
	wait.Wait()
	if all[0] == nil || len(slices.Compact(all)) != 1 {
		t.Errorf("several connections: %v", all)
	}
}

func TestAFailedConnectIsNotRepeated(t *testing.T) {
	e := engineOf(t, "tcp://127.0.0.1:1")
	_, err := e.connect(t.Context())
	if _, again := e.connect(t.Context()); err == nil || again != err {
		t.Errorf("first %v, then %v", err, again)
	}
}

func TestAnInterruptedConnectIsRepeated(t *testing.T) {
	e := engineOf(t, enginetest.Docker(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.connect(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := e.connect(t.Context()); err != nil {
		t.Errorf("it was not looked for again: %v", err)
	}
}
