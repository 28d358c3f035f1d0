//go:build linux || darwin

package plugins

import (
	"context"
	"os"

	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/sys/unix"
)

// withReservedMemory returns a context in which the memory of a plugin grows in place. wazero copies it
// otherwise, so that a process needs more than twice the memory that its plugin has.
func withReservedMemory(ctx context.Context) context.Context {
	return experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve))
}

// A reserved is memory of which no more than the first used bytes can be accessed.
type reserved struct {
	all  []byte
	used int
}

// reserve returns memory that can grow to a number of bytes.
func reserve(_, most uint64) experimental.LinearMemory {
	all, err := unix.Mmap(-1, 0, int(most), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return &reserved{}
	}
	return &reserved{all: all}
}

// Reallocate returns the memory with a size, or nil if it cannot have that.
func (r *reserved) Reallocate(size uint64) []byte {
	if size > uint64(len(r.all)) {
		return nil
	}
	page := os.Getpagesize()
	if end := (int(size) + page - 1) / page * page; end > r.used {
		if unix.Mprotect(r.all[r.used:end], unix.PROT_READ|unix.PROT_WRITE) != nil {
			return nil
		}
		r.used = end
	}
	return r.all[:size:size]
}

// Free returns the memory to the system.
func (r *reserved) Free() {
	if r.all != nil {
		unix.Munmap(r.all)
		r.all = nil
	}
}
