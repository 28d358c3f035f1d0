package plugins

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

// The limits of a process for a plugin.
const (
	processMemory = 768 << 20        // bytes
	loadTime      = 10 * time.Second // of the processor, in addition to Options.Time
	loadWait      = 30 * time.Second // in addition to Options.Wait
	maxReply      = 64 << 20         // bytes; more than an answer with all reads that a plugin may do
	maxProcesses  = 2                // at the same time
	maxProcessors = 4                // of each; every thread has memory of its own
)

// A job is what a process for a plugin is asked to do. Behind it come the bytes of the module.
type job struct {
	Manifest Manifest     `json:"manifest"`
	Digest   string       `json:"digest"`
	Size     int          `json:"size"`    // of the module, in bytes
	Compile  bool         `json:"compile"` // for the cache, and no more
	Dir      string       `json:"dir"`
	Hidden   []string     `json:"hidden"`
	Request  plan.Request `json:"request"`
	Env      []string     `json:"env"`
	Now      time.Time    `json:"now"`

	CacheDir    string        `json:"cache_dir"`
	Time        time.Duration `json:"time"`
	Wait        time.Duration `json:"wait"`
	Interpreted time.Duration `json:"interpreted"`
	Entries     int           `json:"entries"`
}

// A reply is how a job ended. Behind it comes an entry of the memo, unless one of the errors is set.
type reply struct {
	From      string        `json:"from"`
	Instances int           `json:"instances"`
	Fault     *Error        `json:"fault,omitempty"`
	Message   *MessageError `json:"message,omitempty"`
	Busy      *BusyError    `json:"busy,omitempty"`
	Large     *LargeError   `json:"large,omitempty"`
	Other     string        `json:"other,omitempty"`
}

// isolate answers a question in a process of its own.
func (h *Host) isolate(ctx context.Context, q *question) (e *entry, from string, err error) {
	j := h.job(q.Module)
	j.Dir, j.Hidden, j.Request, j.Env = q.tree.Dir(), q.tree.Hidden(), q.request, q.env
	h.instances.Add(1)
	r, rest, err := h.process(ctx, q.Module, j)
	if err != nil {
		return nil, "", err
	}
	h.instances.Add(int64(max(r.Instances-1, 0)))
	if err := r.failure(); err != nil {
		return nil, "", err
	}
	if e, err = decodeEntry(rest); err != nil || e.key != q.key {
		return nil, "", q.fault("its process gave an answer that is damaged")
	}
	h.engine(q.Module) // Warm then knows that the module is in use
	return e, r.From, nil
}

// compileIsolated compiles a module into the cache, in a process of its own.
func (h *Host) compileIsolated(ctx context.Context, m *Module) error {
	j := h.job(m)
	j.Compile = true
	r, _, err := h.process(ctx, m, j)
	if err != nil {
		return err
	}
	return r.failure()
}

func (h *Host) job(m *Module) job {
	return job{Manifest: m.Manifest, Digest: m.Digest, Now: h.Now(), CacheDir: h.CacheDir, Time: h.Time,
		Wait: h.Wait, Interpreted: h.interpreted, Entries: h.Entries}
}

// failure returns the error of a reply.
func (r *reply) failure() error {
	switch {
	case r.Fault != nil:
		return r.Fault
	case r.Message != nil:
		return r.Message
	case r.Busy != nil:
		return r.Busy
	case r.Large != nil:
		return r.Large
	case r.Other != "":
		return errors.New(r.Other)
	}
	return nil
}

// setError sets the error of a reply.
func (r *reply) setError(err error) {
	if err == nil || errors.As(err, &r.Fault) || errors.As(err, &r.Message) || errors.As(err, &r.Busy) ||
		errors.As(err, &r.Large) {
		return
	}
	r.Other = err.Error()
}

// process scans a module, starts this program anew for a job with it, and returns the reply and what comes
// behind it.
func (h *Host) process(ctx context.Context, m *Module, j job) (*reply, []byte, error) {
	data, err := m.scanned()
	if err != nil {
		return nil, nil, err
	}
	select {
	case h.processes <- struct{}{}:
		defer func() { <-h.processes }()
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	j.Size = len(data)
	c, err := newChild(ctx, h)
	if err != nil {
		return nil, nil, err
	}
	return c.ask(m, j, data)
}

// A child is a process for a plugin.
type child struct {
	*exec.Cmd
	host           *Host
	ctx            context.Context // of the caller
	stdout, stderr output
	begun          time.Time
	limits         processLimits
}

// childVariable is set in the environment of a process for a plugin, and is all that it has. A program that
// does not call Main, such as a test, would otherwise start itself without end.
const childVariable = "DAVIT_PLUGIN_PROCESS"

func newChild(ctx context.Context, h *Host) (*child, error) {
	if os.Getenv(childVariable) != "" {
		return nil, errors.New("a process for a plugin cannot start another")
	}
	program, err := ownProgram()
	if err != nil {
		return nil, err
	}
	c := &child{host: h, ctx: ctx, begun: time.Now()}
	c.stdout = output{limit: maxReply, overflow: func() {}}
	c.stderr = output{limit: maxStderr, overflow: func() {}}
	c.Cmd = exec.Command(program)
	c.Args = []string{os.Args[0], childWord}
	c.Env = []string{childVariable + "=1", "GOTRACEBACK=none",
		fmt.Sprintf("GOMAXPROCS=%d", min(runtime.GOMAXPROCS(0), maxProcessors))}
	c.Stdout, c.Stderr = &c.stdout, &c.stderr
	c.WaitDelay = time.Second
	return c, nil
}

// ask starts the process and waits for its reply.
func (c *child) ask(m *Module, j job, data []byte) (*reply, []byte, error) {
	stdin, err := c.StdinPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := c.limits.start(c.Cmd); err != nil {
		return nil, nil, err
	}
	defer c.limits.release()
	late := time.NewTimer(c.host.Wait + loadWait)
	defer late.Stop()
	ended := make(chan struct{})
	go c.killWhen(late.C, ended)
	go send(stdin, j, data)
	err = c.Wait()
	close(ended)
	if err != nil {
		return nil, nil, c.reason(m, err)
	}
	return readReply(m, c.stdout.Bytes())
}

// send sends a job and keeps the pipe open, since the process ends when it is closed.
func send(to io.Writer, j job, data []byte) {
	if json.NewEncoder(to).Encode(j) == nil {
		to.Write(data)
	}
}

// killWhen kills the process when the caller gives up, or when it is late.
func (c *child) killWhen(late <-chan time.Time, ended <-chan struct{}) {
	select {
	case <-ended:
		return
	case <-c.ctx.Done():
	case <-late:
	}
	c.limits.kill(c.Cmd)
}

func readReply(m *Module, out []byte) (*reply, []byte, error) {
	line, rest, found := bytes.Cut(out, []byte{'\n'})
	r := &reply{}
	if !found || json.Unmarshal(line, r) != nil {
		return nil, nil, m.fault("its process gave no answer")
	}
	return r, rest, nil
}

// readJob reads a job and its module.
func readJob(from *bufio.Reader) (j job, data []byte, err error) {
	line, err := from.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &j)
	}
	if err == nil {
		data = make([]byte, j.Size)
		_, err = io.ReadFull(from, data)
	}
	return j, data, err
}

// open returns the project of a job.
func (j *job) open() (*tree.Tree, error) { return tree.Open(j.Dir, j.Hidden...) }
