//go:build amd64 || arm64

package trace

import (
	"bytes"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An info is struct ptrace_syscall_info of the kernel, which is the same on every architecture. Number is the
// result where op is PTRACE_SYSCALL_INFO_EXIT.
type info struct {
	op     uint8
	_      [3]uint8
	arch   uint32
	_      [2]uint64
	number uint64
	args   [6]uint64
	_      [2]uint32
}

// syscallInfo returns the call that a stopped thread is in.
func syscallInfo(thread int) (i info, err error) {
	err = ptrace(unix.PTRACE_GET_SYSCALL_INFO, thread, unsafe.Sizeof(i), uintptr(unsafe.Pointer(&i)))
	return i, err
}

// errno returns the error that a call ended with; 0 is none.
func (i info) errno() unix.Errno {
	if failed := i.args[0]&0xff != 0; !failed {
		return 0
	}
	return unix.Errno(-int64(i.number))
}

// memory reads from the memory of a thread.
func memory(thread int, address uint64, into []byte) int {
	local := []unix.Iovec{{Base: &into[0]}}
	local[0].SetLen(len(into))
	n, err := unix.ProcessVMReadv(thread, local, []unix.RemoteIovec{{Base: uintptr(address), Len: len(into)}}, 0)
	if err != nil {
		return 0
	}
	return n
}

// text reads a string of C. It reads up to the end of a page at once: the next one may not exist.
func text(thread int, address uint64) (string, bool) {
	const page = 4096
	var all []byte
	for len(all) < unix.PathMax {
		chunk := make([]byte, page-address%page)
		n := memory(thread, address, chunk)
		if n == 0 {
			return "", false
		}
		if end := bytes.IndexByte(chunk[:n], 0); end >= 0 {
			return string(append(all, chunk[:end]...)), true
		}
		all, address = append(all, chunk[:n]...), address+uint64(n)
	}
	return "", false
}
