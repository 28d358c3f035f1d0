package cli_test

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// await waits until a file is there.
func await(ts *testscript.TestScript, neg bool, args []string) {
	until(ts, func() bool { _, err := os.Stat(ts.MkAbs(args[0])); return err == nil }, "%s is not there", args[0])
}

// gone checks that no process of a list in a file is running.
func gone(ts *testscript.TestScript, neg bool, args []string) {
	for _, word := range strings.Fields(ts.ReadFile(args[0])) {
		pid, err := strconv.Atoi(word)
		ts.Check(err)
		until(ts, func() bool { return !running(pid) }, "process %d is left", pid)
	}
}

// running tells whether a process is there and is not a zombie that only waits for its parent to look.
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
