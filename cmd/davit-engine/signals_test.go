package main

import (
	"io"
	"os"
	"regexp"
	"syscall"
	"time"

	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
)

// twice calls davit at a terminal of its own, and sends SIGINT two times once it has printed what a pattern
// matches: twice PATTERN ARGS…. It fails unless davit ends as Ctrl-C ends a program.
func twice(ts *testscript.TestScript, _ bool, args []string) {
	c := command(ts, args[1:]...)
	master, err := pty.Start(c)
	ts.Check(err)
	said, ended := make(chan bool, 1), make(chan error, 1)
	go func() {
		said <- readUntil(ts, master, regexp.MustCompile(args[0]))
		_, _ = io.Copy(io.Discard, master)
		ended <- c.Wait()
		master.Close()
	}()
	if !<-said {
		ts.Fatalf("davit %v does not print what matches %s", args[1:], args[0])
	}
	ts.Check(c.Process.Signal(os.Interrupt))
	time.Sleep(200 * time.Millisecond) // two at once count as one
	_ = c.Process.Signal(os.Interrupt)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		_ = c.Process.Kill()
		ts.Fatalf("davit %v does not end", args[1:])
	}
	if code := c.ProcessState.ExitCode(); code != 128+int(syscall.SIGINT) {
		ts.Fatalf("davit %v: exit code %d", args[1:], code)
	}
}

// readUntil reads until a pattern matches, and reports whether one has.
func readUntil(ts *testscript.TestScript, r io.Reader, pattern *regexp.Regexp) bool {
	var all []byte
	for buffer := make([]byte, 4096); ; {
		n, err := r.Read(buffer)
		all = append(all, buffer[:n]...)
		if pattern.Match(all) {
			return true
		}
		if err != nil {
			ts.Logf("%s", all)
			return false
		}
	}
}
