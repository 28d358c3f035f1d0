package plugins

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"time"
)

// childWord is the only argument of a process for a plugin. It is not for users.
const childWord = "__davit-plugin"

// The exit codes of a process for a plugin, besides 0 and those of Go.
const (
	codeNoJob  = 70
	codeMemory = 71
	codeAlone  = 72
	codeTime   = 73
)

// Main does the work of a process that a Host has started for a plugin, and returns its exit code. It reports
// false for the arguments, without the name of the program, of any other process. A program that has a Host
// calls it first.
func Main(args []string) (code int, is bool) {
	if os.Getenv(childVariable) == "" || !slices.Equal(args, []string{childWord}) {
		return 0, false
	}
	in := bufio.NewReader(os.Stdin)
	if _, err := in.Peek(1); err != nil { // the limits of Windows are set by now
		return codeNoJob, true
	}
	debug.SetMemoryLimit(processMemory / 4 * 3)
	debug.SetMaxStack(64 << 20)
	go limitMemory()
	j, data, err := readJob(in)
	if err == nil {
		err = limitProcess(j.Time + loadTime)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return codeNoJob, true
	}
	go endWithParent(in)
	return j.serve(data), true
}

// endWithParent ends this process when davit ends, which closes the pipe.
func endWithParent(in io.Reader) {
	io.Copy(io.Discard, in)
	os.Exit(codeAlone)
}

// limitMemory ends this process when it has too much memory. Where the system has a limit it comes first, and
// this one only for memory that the system does not count.
func limitMemory() {
	got := []metrics.Sample{{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"}}
	for range time.Tick(5 * time.Millisecond) {
		if metrics.Read(got); got[0].Value.Uint64()-got[1].Value.Uint64() > processMemory {
			os.Exit(codeMemory)
		}
	}
}

// serve does a job, writes the reply and returns the exit code.
func (j *job) serve(data []byte) int {
	h := NewHost(Options{CacheDir: j.CacheDir, Time: j.Time, Wait: j.Wait, Entries: j.Entries,
		Now: func() time.Time { return j.Now }})
	h.interpreted, h.reserves = j.Interpreted, true
	m := &Module{Manifest: j.Manifest, Digest: j.Digest, trusted: true,
		bytes: func() ([]byte, error) { return data, nil }}
	var r reply
	var e *entry
	var err error
	if j.Compile {
		err = h.compileModule(context.Background(), m)
	} else {
		e, r.From, err = j.answer(h, m)
	}
	r.Instances = h.Instances()
	r.setError(err)
	return write(os.Stdout, r, e)
}

func (j *job) answer(h *Host, m *Module) (*entry, string, error) {
	t, err := j.open()
	if err != nil {
		return nil, "", err
	}
	defer t.Close()
	return h.evaluate(context.Background(), h.question(m, t, j.Request, j.Env))
}

func write(to io.Writer, r reply, e *entry) int {
	err := json.NewEncoder(to).Encode(r)
	if err == nil && e != nil {
		_, err = to.Write(e.encode())
	}
	if err != nil {
		return codeNoJob
	}
	return 0
}
