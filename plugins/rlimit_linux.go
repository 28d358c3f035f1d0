package plugins

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// spareAddresses is how much more than its memory a process may map. The runtime of Go reserves addresses
// that it does not use.
const spareAddresses = 256 << 20

// limitProcess limits the memory and the processor time of this process, and turns core dumps off.
func limitProcess(processor time.Duration) error {
	if err := limitProcessor(processor); err != nil {
		return err
	}
	if err := setLimit(unix.RLIMIT_DATA, processMemory); err != nil {
		return err
	}
	return setLimit(unix.RLIMIT_AS, addresses()+processMemory+spareAddresses)
}

// addresses returns how much this process has mapped, in bytes.
func addresses() uint64 {
	statm, _ := os.ReadFile("/proc/self/statm")
	first, _, _ := bytes.Cut(statm, []byte{' '})
	pages, err := strconv.ParseUint(string(first), 10, 64)
	if err != nil {
		return 2 << 30 // more than Go maps at the start
	}
	return pages * uint64(os.Getpagesize())
}
