package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/cmd/internal/cli"
	"github.com/davit-dev/davit/internal/ui"
)

func TestCtrlCBeforeARunIsNoFaultOfTheProject(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	code := cli.Main(cli.Process{
		Args: []string{"build"}, Dir: dir, Environ: os.Environ(),
		Streams: ui.NewStreams(nil, &out, &said, os.Getenv, time.Now),
		Signals: func() (context.Context, <-chan struct{}) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ctx, make(chan struct{})
		},
	})
	if code != 130 || !strings.Contains(said.String(), "error: interrupted") {
		t.Errorf("exit code %d, wanted 130; said %q", code, said.String())
	}
}
