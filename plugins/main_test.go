package plugins

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// hostile is the plugin of testdata, without a manifest.
var hostile []byte

func TestMain(m *testing.M) {
	if code, is := Main(os.Args[1:]); is {
		os.Exit(code)
	}
	dir, err := os.MkdirTemp("", "davit-plugins-")
	if err == nil {
		hostile, err = buildGuest(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func buildGuest(dir string) ([]byte, error) {
	out := filepath.Join(dir, "hostile.wasm")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out,
		"./testdata/hostile")
	cmd.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOFLAGS=")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// plugin returns the hostile module under one of its names.
func plugin(way string) *Module {
	return &Module{
		Manifest: Manifest{Name: way, API: 1, Authority: Inferred, Reads: []string{"read-me"},
			Permissions: Permissions{Env: []string{"TEAM", "ABSENT"}}},
		Digest: blobs.Digest(hostile),
		bytes:  func() ([]byte, error) { return hostile, nil },
	}
}

func newHost(t testing.TB, o Options) *Host {
	h := NewHost(o)
	t.Cleanup(func() { h.Close(t.Context()) })
	return h
}

// folder creates a project of files, by name.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		put(t, dir, name, text)
	}
	return dir
}

func put(t testing.TB, dir, name, text string) {
	t.Helper()
	full := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func openTree(t testing.TB, dir string, hide ...string) *tree.Tree {
	t.Helper()
	opened, err := tree.Open(dir, hide...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	return opened
}

// ask returns the plan of a plugin for a folder.
func ask(t testing.TB, h *Host, m *Module, dir string, env ...string) (Answer, error) {
	t.Helper()
	return h.Plan(t.Context(), m, openTree(t, dir), request, env)
}

var request = plan.Request{API: plan.API, Project: plan.Project{Name: "shop", Dir: "."}}

// later returns a clock that is so late that the stamps of all files of a test count.
func later() time.Time { return time.Now().Add(time.Hour) }
