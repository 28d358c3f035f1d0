// Package self identifies this process, so that another davit can determine later, and for certain, that it
// has ended.
//
// A process id alone is not enough: ids are reused, and containers have their own, often under one host name.
// So a process is identified by the boot and the process
// namespace that its id belongs to, and by its start time. On a system that reports neither, no process is
// ever considered ended.
package self

import "os"

// A Process is one process on one machine.
type Process struct {
	Host string `json:"host"`
	// ID is the process id, and Space is what it belongs to: a boot of a machine, and a namespace of it.
	ID    int    `json:"process"`
	Space string `json:"space,omitempty"`
	// Began is when it was started, in the system's own format.
	Began string `json:"began,omitempty"`
}

// Get returns this process.
func Get() Process {
	p := Process{ID: os.Getpid(), Space: space()}
	p.Began, _ = began(p.ID)
	p.Host, _ = os.Hostname() // empty for a machine without a name
	return p
}

// Exited reports whether the process has ended. It is false for a process that cannot be seen from here.
func (p Process) Exited() bool {
	here := Get()
	if p.ID <= 0 || p.Began == "" || here.Began == "" || p.Space == "" || p.Space != here.Space ||
		p.Host != here.Host {
		return false
	}
	now, ended := began(p.ID)
	return ended || now != "" && now != p.Began
}
