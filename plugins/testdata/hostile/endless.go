package main

import (
	"io"
	"os"
	"strconv"
	"unsafe"
)

func init() {
	ways["loop"] = func() {
		for i := 0; ; i++ {
		}
	}
	ways["small-reads"] = smallReads
	ways["reads"] = func() {
		f := open("large")
		for b := make([]byte, 1<<20); ; {
			if n, _ := f.Read(b); n == 0 {
				f.Seek(0, io.SeekStart)
			}
		}
	}
	ways["one-long-call"] = oneLongCall
	ways["stdout"] = func() { flood(os.Stdout) }
	ways["stdout-anyhow"] = func() {
		for {
			os.Stdout.Write(make([]byte, 1<<16))
		}
	}
	ways["stderr"] = func() { flood(os.Stderr) }
	ways["memory"] = func() {
		var all [][]byte
		for {
			all = append(all, make([]byte, 16<<20))
		}
	}
	ways["recursion"] = func() { answer(strconv.Itoa(deep(1 << 40))) }
	ways["paths"] = paths
	ways["files"] = files
	ways["big-descriptor"] = func() { answer(strconv.Itoa(int(fdRenumber(int32(open("go.mod").Fd()), 1<<30)))) }
}

func open(name string) *os.File {
	f, err := os.Open(name)
	if err != nil {
		answer(err.Error())
		os.Exit(0)
	}
	return f
}

func flood(f *os.File) {
	for {
		if _, err := f.Write(make([]byte, 1<<16)); err != nil {
			answer("gave up")
			return
		}
	}
}

func smallReads() {
	f := open("go.mod")
	for b := make([]byte, 1); ; {
		f.Read(b)
		f.Seek(0, io.SeekStart)
	}
}

// paths looks for one long name after the other.
func paths() {
	name := make([]byte, 3000)
	for i := range name {
		name[i] = 'x'
	}
	var fd int32
	for i := uint32(0); ; i++ {
		for digit := range 8 {
			name[digit] = 'a' + byte(i>>(4*digit)&15)
		}
		pathOpen(3, 1, unsafe.Pointer(&name[0]), uint32(len(name)), 0, 2, 2, 0, unsafe.Pointer(&fd))
	}
}

// files opens one file after the other and closes none.
func files() {
	var all []*os.File
	for {
		f, err := os.Open("go.mod")
		if err != nil {
			break
		}
		all = append(all, f)
	}
	answer(strconv.FormatBool(len(all) < 1000))
}

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + deep(n-1)
}

type iovec struct{ at, size uint32 }

//go:wasmimport wasi_snapshot_preview1 fd_pread
func fdPread(fd int32, iovs unsafe.Pointer, count uint32, offset int64, read unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 path_open
func pathOpen(dir, lookup int32, path unsafe.Pointer, size, flags uint32, rights, inheriting uint64, fdflags uint32, fd unsafe.Pointer) uint32

//go:wasmimport wasi_snapshot_preview1 fd_renumber
func fdRenumber(from, to int32) uint32

//go:wasmimport wasi_snapshot_preview1 sock_accept
func sockAccept(fd, flags int32, accepted unsafe.Pointer) uint32

// oneLongCall has the host read a large file byte by byte, in one call.
func oneLongCall() {
	f := open("large")
	var b [1]byte
	var read uint32
	iovs := make([]iovec, 16<<20)
	for i := range iovs {
		iovs[i] = iovec{uint32(uintptr(unsafe.Pointer(&b))), 1}
	}
	for {
		fdPread(int32(f.Fd()), unsafe.Pointer(&iovs[0]), uint32(len(iovs)), 0, unsafe.Pointer(&read))
	}
}
