// Package self says which process this is, so that another davit can tell later, and for certain, that it runs no more.
//
// A process id alone says little: it is used again, and containers have their own, often under one host name. So a process is known by
// the boot and the process namespace that its id counts in, and by when it began. Where a system tells neither, nobody is ever said to
// be gone.
package self

import "os"

// Process is one process on one machine.
type Process struct {
	Host string `json:"host"`
	// ID is the process id, in the Space that it counts in: a boot of a machine, and a namespace of it.
	ID    int    `json:"process"`
	Space string `json:"space,omitempty"`
	// Began is when it was started, in a form of the system's own.
	Began string `json:"began,omitempty"`
}

// Get is this process.
func Get() Process {
	p := Process{ID: os.Getpid(), Space: space()}
	p.Began, _ = began(p.ID)
	p.Host, _ = os.Hostname() // a machine without a name has none to show
	return p
}

// Exited tells whether the process has ended. Of one that cannot be seen from here nobody knows.
func (p Process) Exited() bool {
	here := Get()
	if p.ID <= 0 || p.Began == "" || here.Began == "" || p.Space == "" || p.Space != here.Space || p.Host != here.Host {
		return false
	}
	now, ended := began(p.ID)
	return ended || now != "" && now != p.Began
}
