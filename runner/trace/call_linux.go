//go:build amd64 || arm64

package trace

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"
)

// A call is one that a thread is in: what it names, as it was when the call began.
type call struct {
	form
	thread  int
	program string
	// on and to are what the paths of the call lead to; to is the new name of a rename or a link.
	on, to location
	// how are the flags, of open or of the call itself.
	how uint64
}

// A location is what a path leads to.
type location struct {
	path    string   // absolute; empty for what is no path: a pipe, a text, a broken argument
	links   []string // the symbolic links on the way
	existed bool
	isDir   bool
}

// decode reads what a call names. The thread has stopped before it.
func decode(thread int, f form, i info) *call {
	c := &call{form: f, thread: thread, program: program(thread)}
	if f.flags != none {
		c.how = i.args[f.flags]
	}
	switch f.action {
	case opensHow:
		how := make([]byte, 8)
		memory(thread, c.how, how)
		c.how = binary.NativeEndian.Uint64(how)
	case creates:
		c.how = unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC
	}
	c.on = c.location(i, f.folder, f.path, c.follows())
	c.to = c.location(i, f.folder2, f.path2, false)
	return c
}

// follows reports whether the call follows a link that its path ends in.
func (c *call) follows() bool {
	switch c.action {
	case opens, opensHow:
		return c.how&unix.O_NOFOLLOW == 0 && c.how&(unix.O_CREAT|unix.O_EXCL) != unix.O_CREAT|unix.O_EXCL
	}
	return c.how&c.follow != 0 || c.followsByDefault && c.how&c.nofollow == 0
}

// location returns what a path of the call leads to.
func (c *call) location(i info, folder, path int, follow bool) location {
	base := "cwd"
	if folder != none && int32(i.args[folder]) != unix.AT_FDCWD {
		base = "fd/" + itoa(int(int32(i.args[folder])))
	}
	if folder == none && path == none {
		return location{}
	}
	if path == none || i.args[path] == 0 && folder != none {
		return opened(c.thread, base)
	}
	name, ok := text(c.thread, i.args[path])
	switch {
	case !ok || name == "" && (folder == none || c.how&atEmptyPath == 0):
		return location{}
	case name == "":
		return opened(c.thread, base)
	}
	dir := opened(c.thread, base)
	if dir.path == "" && name[0] != '/' {
		return location{}
	}
	return resolve(c.thread, dir.path, name, follow)
}

// record records the call, which ended with an error; 0 is none.
func (c *call) record(r *recorder, errno unix.Errno) {
	if c.action == hides {
		if errno == 0 {
			r.gap(c.program + " used " + c.name + ": what it did there is not seen")
		}
		return
	}
	c.followed(r)
	if errno != 0 {
		c.failed(r)
		return
	}
	switch c.action {
	case opens, opensHow, creates:
		c.opened(r)
	case looks:
		r.add(c.on.path, Stat, c.program)
	case readsLink:
		r.add(c.on.path, Link, c.program)
	case lists:
		r.add(c.on.path, List, c.program)
	case makes:
		r.make(c.on.path, c.program)
	case removes:
		r.remove(c.on.path, c.program)
	case renames:
		r.rename(c.on.path, c.to.path, c.to.existed, c.program)
	case links:
		r.add(c.on.path, Read, c.program)
		r.make(c.to.path, c.program)
	case linksSymbolically:
		r.make(c.to.path, c.program)
	case changes, changesOpen:
		r.add(c.on.path, Change, c.program)
	}
}

// followed records the links that the paths of the call have on the way.
func (c *call) followed(r *recorder) {
	for _, p := range []location{c.on, c.to} {
		for _, link := range p.links {
			r.add(link, Link, c.program)
		}
	}
}

// failed records a call that failed: it has told whether its paths exist.
func (c *call) failed(r *recorder) {
	for _, p := range []location{c.on, c.to} {
		if p.existed {
			r.add(p.path, Stat, c.program)
		} else {
			r.add(p.path, Missing, c.program)
		}
	}
}

// opened records that a file was opened.
func (c *call) opened(r *recorder) {
	reads := c.how&unix.O_ACCMODE == unix.O_RDONLY
	switch {
	case c.how&unix.O_TMPFILE == unix.O_TMPFILE: // it has no name
	case c.how&unix.O_PATH != 0 || c.on.isDir:
		r.add(c.on.path, Stat, c.program)
	case !c.on.existed:
		r.make(c.on.path, c.program)
	case c.how&unix.O_TRUNC != 0:
		r.truncate(c.on.path, c.program)
	default:
		r.add(c.on.path, Read, c.program)
		if !reads {
			r.add(c.on.path, Write, c.program) // after Read: what is not overwritten stays
		}
	}
}

// executed records that the call has replaced a program: the file that it named, the interpreters of a
// script, and what the kernel has loaded.
func (c *call) executed(r *recorder, process int) {
	name := program(process)
	c.program = name
	c.followed(r)
	if c.on.path != "" {
		r.add(c.on.path, Exec, name)
	}
	for _, p := range interpreters(process, c.on.path) {
		for _, link := range p.links {
			r.add(link, Link, name)
		}
		r.add(p.path, Exec, name)
	}
	for _, path := range mapped(process) {
		r.add(path, Read, name)
	}
}

// look returns what is at a path that is resolved but for its last part.
func look(path string, links []string) location {
	info, err := os.Lstat(path)
	if err != nil {
		return location{path: path, links: links}
	}
	return location{path: path, links: links, existed: true, isDir: info.IsDir()}
}
