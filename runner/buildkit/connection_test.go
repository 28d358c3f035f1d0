package buildkit

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/enginetest"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// wire is a connection to an engine that the test can cut.
type wire struct {
	net.Listener
	mu    sync.Mutex
	conns []net.Conn
	cut   bool
}

// newWire listens at a socket, and forwards connections to an engine.
func newWire(t *testing.T, address string) *wire {
	t.Helper()
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	l := &wire{Listener: listener}
	network, at, _ := strings.Cut(address, "://")
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			engine, err := net.Dial(network, at)
			if err != nil {
				conn.Close()
				continue
			}
			l.join(conn, engine)
		}
	}()
	t.Cleanup(l.sever)
	return l
}

func (l *wire) join(a, b net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, a, b)
	go io.Copy(a, b)
	go io.Copy(b, a)
	if l.cut {
		a.Close()
		b.Close()
	}
}

// sever cuts the connections, as if the engine had ended.
func (l *wire) sever() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = true
	l.Close()
	for _, conn := range l.conns {
		conn.Close()
	}
}

func TestAnEngineThatStopsAnswering(t *testing.T) {
	enginetest.Each(t, func(t *testing.T, address string) {
		l := newWire(t, address)
		at := "unix://" + l.Addr().String()
		e := New(runner.EngineRequest{Address: at, Env: os.Environ()})
		time.AfterFunc(3*time.Second, l.sever)
		f, begun := newFolder(t, "a", ""), time.Now()
		out := f.run(e, sh("slow", "sleep 50; echo "+unique(), reads), sh("next", "true", needs("slow")))
		check(t, "status", out.status(), "slow=failed next=not-run")
		check(t, "reason", out.Steps[0].Reason, "the engine at "+at+" stopped answering")
		if took := time.Since(begun); took > 15*time.Second {
			t.Errorf("it took %v", took)
		}
		check(t, "run", out.Status, ui.StatusFailed)
	})
}
