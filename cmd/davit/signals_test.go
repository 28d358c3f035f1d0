//go:build unix

package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A phase is what davit may do when the signals come: what is called in a folder that a function prepares.
type phase struct {
	prepare func(t *testing.T, dir string)
	args    []string
	// says is what davit prints when it has got there; without it, a file "ready" exists then.
	says string
}

var phases = map[string]phase{
	"a step that ignores signals": {func(t *testing.T, dir string) {
		write(t, filepath.Join(dir, "project.toml"),
			"[targets.a]\nrun = \"trap '' INT TERM; touch ready; while :; do sleep 1; done\"\n")
	}, []string{"a"}, ""},
	"git that hangs": {func(t *testing.T, dir string) {
		program(t, filepath.Join(dir+"-bin", "git"), "touch "+dir+"/ready; trap '' INT TERM; while :; do sleep 1; done")
		mkdir(t, filepath.Join(dir, ".git"))
	}, []string{"targets"}, ""},
	"a tool that hangs when it is asked for its version": {func(t *testing.T, dir string) {
		program(t, filepath.Join(dir+"-bin", "go"), "touch "+dir+"/ready; trap '' INT TERM; while :; do sleep 1; done")
		write(t, filepath.Join(dir, "sub", "go.mod"), "module x\n\ngo 1.21\n")
		write(t, filepath.Join(dir, "sub", "x.go"), "package x\n")
	}, []string{"-C", "sub", "build"}, ""},
	"plugins that load": {func(t *testing.T, dir string) {
		write(t, filepath.Join(dir, "package.json"), `{"scripts": {"test": "true"}}`)
		write(t, filepath.Join(dir, "Cargo.toml"), "[package]\nname = \"x\"\n")
		write(t, filepath.Join(dir, "pyproject.toml"), "[project]\nname = \"x\"\n")
		write(t, filepath.Join(dir, "ready"), "")
	}, []string{"targets"}, ""},
	"many files": {func(t *testing.T, dir string) {
		for i := range 20 {
			for j := range 100 {
				write(t, filepath.Join(dir, fmt.Sprint("d", i), fmt.Sprint("f", j, ".go")), "package x\n")
			}
		}
		write(t, filepath.Join(dir, "project.toml"), "[targets.a]\nrun = \"true\"\n")
		write(t, filepath.Join(dir, "ready"), "")
	}, []string{"a"}, ""},
	"a step that another davit runs": {func(t *testing.T, dir string) {
		write(t, filepath.Join(dir, "project.toml"),
			"[targets.a]\nrun = \"touch ready; sleep 1000\"\noutputs = [\"out\"]\ninputs = [\"project.toml\"]\n")
		first := command(dir, "a")
		if err := first.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = first.Process.Signal(syscall.SIGTERM), first.Wait() })
		ready(t, filepath.Join(dir, "ready"))
	}, []string{"a"}, "another davit is running it here: waiting"},
}

func TestTwoSignalsEndDavit(t *testing.T) {
	bin := filepath.Join(programs(t), "one")
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	tried := 0
	for title, p := range phases {
		for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			for _, blocked := range []bool{false, true} {
				t.Run(fmt.Sprint(title, " ", s, " ", blocked), func(t *testing.T) { p.twice(t, s, blocked) })
				tried++
			}
		}
	}
	t.Logf("%d calls tried", tried)
}

// command returns a call of davit in a folder. Programs in the folder beside it come first in its PATH.
func command(dir string, args ...string) *exec.Cmd {
	c := exec.Command("davit", args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "DAVIT_CACHE="+filepath.Join(dir, "cache"), "PATH="+dir+"-bin:"+os.Getenv("PATH"))
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

// twice sends a signal two times and fails unless davit ends. If blocked is set, nobody reads what davit prints.
func (p phase) twice(t *testing.T, s syscall.Signal, blocked bool) {
	dir := filepath.Join(t.TempDir(), "project") // programs of the project itself are not used in order to look
	mkdir(t, filepath.Join(dir, "sub"))
	p.prepare(t, dir)
	c := command(dir, p.args...)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c.Stdout, c.Stderr = w, w
	said := make(chan struct{})
	if blocked {
		fill(t, w)
	} else {
		go readUntil(r, p.says, said)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	ended := make(chan struct{})
	go func() { _ = c.Wait(); close(ended) }()
	switch {
	case blocked:
		time.Sleep(500 * time.Millisecond) // it may not get as far as its step
	case p.says != "":
		<-said
	default:
		ready(t, filepath.Join(dir, "ready"))
	}
	_ = c.Process.Signal(s)
	time.Sleep(200 * time.Millisecond) // two at once count as one
	_ = c.Process.Signal(s)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		t.Fatal("it does not end")
	}
	state := c.ProcessState.Sys().(syscall.WaitStatus)
	if code := state.ExitStatus(); state.Exited() && code != 128+int(s) && code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// readUntil reads to the end, and closes a channel when a text has come, or cannot come any more.
func readUntil(r io.Reader, text string, said chan<- struct{}) {
	var all []byte
	open := true
	for buffer := make([]byte, 4096); ; {
		n, err := r.Read(buffer)
		if all = append(all, buffer[:n]...); open && (err != nil || bytes.Contains(all, []byte(text))) {
			close(said)
			open = false
		}
		if err != nil {
			return
		}
	}
}

// fill fills a pipe, so that the next write to it waits.
func fill(t *testing.T, w *os.File) {
	t.Helper()
	fd := int(w.Fd())
	if err := syscall.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := syscall.Write(fd, make([]byte, 4096)); err != nil {
			if !errors.Is(err, syscall.EAGAIN) {
				t.Fatal(err)
			}
			break
		}
	}
	if err := syscall.SetNonblock(fd, false); err != nil {
		t.Fatal(err)
	}
}

// ready waits until a file exists.
func ready(t *testing.T, name string) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(name); err == nil {
			time.Sleep(100 * time.Millisecond)
			return
		}
	}
	t.Fatalf("%s does not exist", name)
}

func program(t *testing.T, name, script string) {
	t.Helper()
	mkdir(t, filepath.Dir(name))
	if err := os.WriteFile(name, []byte("#!/bin/sh\n"+strings.TrimSpace(script)+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

// write writes a file, with the folders above it.
func write(t *testing.T, name, text string) {
	t.Helper()
	mkdir(t, filepath.Dir(name))
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
