package cli_test

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// await waits until a file exists.
func await(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, func() bool { _, err := os.Stat(ts.MkAbs(args[0])); return err == nil }, "%s does not exist",
		args[0])
}

// gone waits until no process of the list in a file is running.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	for _, word := range strings.Fields(ts.ReadFile(args[0])) {
		pid, err := strconv.Atoi(word)
		ts.Check(err)
		until(ts, func() bool { return !running(pid) }, "process %d still runs", pid)
	}
}

// running reports whether a process exists and is no zombie.
func running(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil || p.Signal(syscall.Signal(0)) != nil {
		return false
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func until(ts *testscript.TestScript, done func() bool, format string, args ...any) {
	for end := time.Now().Add(20 * time.Second); !done(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			ts.Fatalf(format, args...)
		}
	}
}
