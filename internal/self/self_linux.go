package self

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// space returns the boot and the process namespace.
func space() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(boot)) + " " + namespace
}

// began returns when a process was started, in ticks since the boot; ended reports that there is none, or
// that only its parent has not waited for it yet. For a process that is hidden from this user, neither is
// known.
func began(id int) (at string, ended bool) {
	if err := unix.Kill(id, 0); errors.Is(err, unix.ESRCH) {
		return "", true
	}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	if err != nil {
		return "", false
	}
	// the name before may have any character
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 20 {
		return "", false
	}
	return fields[19], fields[0] == "Z" || fields[0] == "X"
}
