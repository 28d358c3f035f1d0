//go:build amd64 || arm64

package trace

import (
	"maps"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What a filter says of a call. A program that is told that there is no io_uring falls back on other calls.
const (
	allow     = unix.SECCOMP_RET_ALLOW
	stop      = unix.SECCOMP_RET_TRACE
	noSupport = unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)
)

// The offsets in struct seccomp_data.
const (
	numberOffset = 0
	archOffset   = 4
)

const ioUringSetup = 425 // on every architecture

// filter makes the kernel stop this thread, and all that comes from it, at the calls that have a form.
func filter() error {
	program := assemble()
	fprog := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	set := func() unix.Errno {
		_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0,
			uintptr(unsafe.Pointer(&fprog)))
		return errno
	}
	errno := set()
	if errno == unix.EACCES { // without privileges only a process that can get none
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
		errno = set()
	}
	runtime.KeepAlive(program)
	if errno != 0 {
		return errno
	}
	return nil
}

// assemble returns the filter: for each architecture a list of comparisons, each of which skips one
// instruction if it fails.
func assemble() (program []unix.SockFilter) {
	returns := func(value uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: value}
	}
	load := func(offset uint32) unix.SockFilter {
		return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
	}
	for _, arch := range slices.Sorted(maps.Keys(forms())) {
		block := []unix.SockFilter{load(numberOffset)}
		if arch == unix.AUDIT_ARCH_X86_64 { // x32, which nothing uses: it would come past the comparisons
			block = append(block, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K, K: 1 << 30, Jf: 1},
				returns(noSupport))
		}
		for _, number := range append(slices.Sorted(maps.Keys(forms()[arch])), ioUringSetup) {
			verdict := uint32(stop)
			if number == ioUringSetup {
				verdict = noSupport
			}
			block = append(block, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: number, Jf: 1},
				returns(verdict))
		}
		block = append(block, returns(allow))
		program = append(program, load(archOffset),
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: arch, Jt: 1},
			unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(len(block))})
		program = append(program, block...)
	}
	return append(program, returns(allow))
}
