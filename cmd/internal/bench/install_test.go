package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestLocateFindsTheNativeBinary(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"@moonrepo/cli/moon.js", "@moonrepo/core-linux-x64-musl/moon",
		"@moonrepo/core-linux-x64-gnu/moon", "turbo/bin/turbo"} {
		if err := write(filepath.Join(dir, name), ""); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"@moonrepo/core-*/moon": "@moonrepo/core-linux-x64-gnu/moon",
		"turbo/bin/turbo":       "turbo/bin/turbo",
		"@turbo/*/bin/turbo":    "",
	} {
		got, err := locate(dir, pattern)
		if want != "" {
			want = filepath.Join(dir, filepath.FromSlash(want))
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v, wanted %q", pattern, got, err, want)
		}
	}
}

func TestLocateInNoFolder(t *testing.T) {
	if got, err := locate(filepath.Join(t.TempDir(), "none"), "x"); err == nil {
		t.Errorf("got %q", got)
	}
}

func TestCallRecorderCountsCallsOfGo(t *testing.T) {
	gocmd, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err) // these tests are run by it
	}
	b := &bench{temp: t.TempDir(), gocmd: gocmd, env: os.Environ()}
	r, err := b.newCallRecorder()
	if err != nil {
		t.Fatal(err)
	}
	c := &Case{Name: "go", Argv: []string{filepath.Join(r.dir, "go"+exe()), "version"}, Env: os.Environ()}
	r.expectIdle(c)
	if err := interleave(t.Context(), []*Case{c}, 1, 1); err != nil {
		t.Fatal(err)
	}
	if r.calls() != 2 || c.Err == nil {
		t.Errorf("%d calls, error %v; wanted 2, and an error from the one that is no warmup", r.calls(),
			c.Err)
	}
}

func TestInstallErrorIsTheLineWithTheReason(t *testing.T) {
	for output, want := range map[string]string{
		"npm error code ECONNREFUSED\nnpm error errno x\nnpm error A complete log is in y\n": "npm error code ECONNREFUSED",
		"go: downloading x\ngo: x: module lookup disabled by GOPROXY=off\n":                  "go: x: module lookup disabled by GOPROXY=off",
	} {
		if got := installError([]byte(output)); got != want {
			t.Errorf("%q: got %q, wanted %q", output, got, want)
		}
	}
}
