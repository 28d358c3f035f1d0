//go:build linux || darwin

package limittest

import (
	"os"
	"syscall"
	"testing"
)

// Descriptors calls do while this process can open at most free more files. A process that is started
// meanwhile has the same limit.
func Descriptors(t *testing.T, free int, do func()) {
	t.Helper()
	probe, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	next := int(probe.Fd()) // the lowest that is free
	probe.Close()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	low := before
	low.Cur = uint64(next + free)
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &low); err != nil {
		t.Skip(err)
	}
	defer func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
			t.Error(err)
		}
	}()
	do()
}
