package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unsafe"
)

func init() { ways["pry"] = pry }

// pry answers with all that it gets and was not granted. The project's file "wanted" lists it, a line each: a kind and a name.
func pry() {
	text, err := os.ReadFile("wanted")
	if err != nil {
		answer(err.Error())
		return
	}
	var got []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		kind, name, _ := strings.Cut(line, " ")
		if what := tries[kind](name); what != "" {
			got = append(got, line+": "+what)
		}
	}
	answer(got...)
}

// tries are the ways to get something, by kind. Each returns what it got.
var tries = map[string]func(string) string{
	"file":     file,
	"listed":   listed,
	"variable": os.Getenv,
	"network":  network,
	"program": func(name string) string {
		out, err := exec.Command(name).CombinedOutput()
		return orNothing(fmt.Sprintf("it ran: %q", out), err)
	},
	"clock": func(string) string {
		if now := time.Now(); now.Year() > 2001 {
			return now.String()
		}
		return ""
	},
	"descriptors": descriptors,
}

// file reads a file, by its name and in the ways that a host may take for another.
func file(name string) string {
	for _, n := range []string{name, "/" + name, "./" + name, "cmd/../" + name, "/../" + name, "../" + name, "//" + name} {
		if text, err := os.ReadFile(n); err == nil {
			return fmt.Sprintf("%s has %q", n, text)
		}
		if _, err := os.Lstat(n); err == nil {
			return n + " is there"
		}
		var fd int32
		raw := []byte(n) // Go cleans names
		if pathOpen(3, 1, unsafe.Pointer(&raw[0]), uint32(len(raw)), 0, 2, 0, 0, unsafe.Pointer(&fd)) == 0 {
			return n + " was opened"
		}
	}
	return ""
}

// listed looks for a name in the folder that it would be in.
func listed(name string) string {
	entries, _ := os.ReadDir(filepath.Dir(name))
	for _, e := range entries {
		if e.Name() == filepath.Base(name) {
			return "it is listed"
		}
	}
	return ""
}

// network calls an address.
func network(address string) string {
	_, err := net.DialTimeout("tcp", address, time.Second)
	return orNothing("connected", err)
}

// descriptors looks for what is open besides the standard streams and the project.
func descriptors(string) string {
	var stat [24]byte
	for fd := int32(4); fd < 1000; fd++ {
		if fdFdstatGet(fd, unsafe.Pointer(&stat)) == 0 {
			return fmt.Sprint("descriptor ", fd, " is open")
		}
	}
	return ""
}

func orNothing(what string, err error) string {
	if err != nil {
		return ""
	}
	return what
}

//go:wasmimport wasi_snapshot_preview1 fd_fdstat_get
func fdFdstatGet(fd int32, stat unsafe.Pointer) uint32
