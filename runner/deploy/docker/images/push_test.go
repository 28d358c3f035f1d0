package images

import (
	"errors"
	"net"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/enginetest"
)

// TestAPushThatHangsEnds: whoever listens and never answers keeps an engine waiting, and not us.
func TestAPushThatHangsEnds(t *testing.T) {
	was := stallTimeout
	stallTimeout = time.Second
	t.Cleanup(func() { stallTimeout = was })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := New(enginetest.Client(t), nil)
	ref, began := l.Addr().String()+"/team/app:1", time.Now()
	if err := s.Push(t.Context(), enginetest.Image(t, enginetest.Project()), ref, nil); !errors.Is(err,
		errStalled) {
		t.Error(err)
	}
	if took := time.Since(began); took < 2*stallTimeout {
		t.Errorf("given up after %s", took)
	}
	if i, err := s.Image(t.Context(), ref); err != nil || i != nil {
		t.Errorf("the name %s stays: %v", ref, err)
	}
}
