package plugins

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/sys"

	"github.com/davit-dev/davit/internal/text"
	"github.com/davit-dev/davit/internal/tree"
)

// The limits of what a plugin may write, in bytes.
const (
	maxStdout = 4 << 20
	maxStderr = 1 << 20
)

// A guest is one run of a plugin.
type guest struct {
	*question
	project        *project
	stdout, stderr output
}

// run runs the plugin, and runs it again as machine code if the interpreter is too slow or its stack too
// small. It puts what the plugin wrote into the entry.
func (h *Host) run(ctx context.Context, q *question, seen *tree.Recorder, to *entry) (from string, err error) {
	e := h.engine(q.Module)
	for {
		l, err := h.prepare(ctx, e)
		if err != nil {
			return "", q.loadError(err)
		}
		err = h.instance(ctx, l, q, seen, to)
		if !needsCompiler(err) || l.from == FromCompiler {
			return l.from, q.asError(err)
		}
		e.mu.Lock()
		e.compile = true
		e.mu.Unlock()
	}
}

// loadError returns the error for a module that cannot be run at all.
func (q *question) loadError(err error) error {
	var missing *NotBuiltError
	if errors.As(err, &missing) {
		return err
	}
	return q.fault("cannot be loaded: %s", text.FirstLine(clean([]byte(err.Error()))))
}

// A runError is the reason why a run gave no answer. One of the fields reason, user and cause is set.
type runError struct {
	reason   string // the fault of the plugin
	user     string // the plugin's message to the user
	cause    error  // no fault of the plugin, or the caller canceled the run
	tooLong  bool   // it used all of its processor time
	compiled bool   // as machine code it may give one
	said     string // what it wrote to standard error
}

func (f *runError) Error() string { return f.reason + f.user }

func needsCompiler(err error) bool {
	var f *runError
	return errors.As(err, &f) && f.compiled
}

func (q *question) asError(err error) error {
	var f *runError
	switch {
	case !errors.As(err, &f):
		return err
	case f.cause != nil:
		return f.cause
	case f.user != "":
		return &MessageError{Plugin: q.Manifest.Name, Text: f.user}
	}
	return &Error{Plugin: q.Manifest.Name, Digest: q.Digest, Reason: f.reason, Said: f.said, TooLong: f.tooLong}
}

// instance runs the plugin once, and puts what it wrote into the entry.
func (h *Host) instance(parent context.Context, l *loaded, q *question, seen *tree.Recorder, to *entry) error {
	request, err := json.Marshal(q.request)
	if err != nil {
		return err
	}
	h.instances.Add(1)
	ctx, stop := context.WithCancelCause(parent)
	defer stop(nil)
	used, release := startTimer()
	defer release()
	go h.watch(ctx, l, used, stop)
	g := &guest{
		question: q,
		project:  &project{ctx: ctx, seen: seen, stop: stop, entries: h.Entries},
		stdout:   output{limit: maxStdout, overflow: func() { stop(errAnswer) }},
		stderr:   output{limit: maxStderr, overflow: func() { stop(errStderr) }},
	}
	if h.reserves {
		ctx = withReservedMemory(ctx)
	}
	err = g.start(ctx, l, request)
	to.raw, to.said = g.stdout.Bytes(), clean(g.stderr.Bytes())
	if f := g.result(parent, ctx, err); f != nil {
		f.said = to.said
		return f
	}
	return nil
}

// The reasons for which a running plugin is stopped.
var (
	errAnswer = fmt.Errorf("gave an answer of more than %d MiB", maxStdout>>20)
	errStderr = fmt.Errorf("wrote more than %d MiB to standard error", maxStderr>>20)
)

// start instantiates the module, which runs it until it exits.
func (g *guest) start(ctx context.Context, l *loaded, request []byte) (err error) {
	defer recoverAsError(&err)
	var c clock
	config := wazero.NewModuleConfig().WithName("").
		WithArgs(g.Manifest.Name,
			"plan").WithStdin(bytes.NewReader(request)).WithStdout(&g.stdout).WithStderr(&g.stderr).
		WithWalltime(c.wall, 1).WithNanotime(c.nano, 1).WithNanosleep(c.sleep).
		WithRandSource(rand.NewChaCha8([32]byte([]byte("davit: the same for every plugin")))).
		WithFSConfig(mount(g.project))
	for _, pair := range g.env {
		name, value, _ := strings.Cut(pair, "=")
		config = config.WithEnv(name, value)
	}
	instance, err := l.runtime.InstantiateModule(ctx, l.code, config)
	if instance != nil {
		instance.Close(context.WithoutCancel(ctx))
	}
	return err
}

// result returns why a run gave no answer, or nil if it did.
func (g *guest) result(parent, ctx context.Context, err error) *runError {
	var exit *sys.ExitError
	switch cause := context.Cause(ctx); {
	case parent.Err() != nil:
		return &runError{cause: context.Cause(parent)}
	case cause != nil && (err != nil || refuses(cause)):
		return g.stopped(cause)
	case err == nil:
		return nil
	case !errors.As(err, &exit):
		return &runError{reason: "crashed: " + text.FirstLine(clean([]byte(err.Error()))),
			compiled: strings.Contains(err.Error(), "stack overflow")}
	}
	stderr := clean(g.stderr.Bytes())
	if exit.ExitCode() == 1 && stderr != "" {
		return &runError{user: stderr}
	}
	reason := fmt.Sprintf("exited with code %d: %s", exit.ExitCode(), text.FirstLine(stderr))
	return &runError{reason: strings.TrimSuffix(reason, ": ")}
}

// refuses reports whether a run that was stopped for a reason gave no answer, even if it ended before it
// noticed. What it wrote, or saw, is incomplete.
func refuses(cause error) bool {
	var large *LargeError
	return cause == errAnswer || cause == errStderr || cause == errRead || cause == tree.ErrTooMuch ||
		errors.As(cause, &large)
}

// stopped returns why a run that was stopped gave no answer.
func (g *guest) stopped(cause error) *runError {
	switch e := cause.(type) {
	case *BusyError:
		e.Plugin, e.Digest = g.Manifest.Name, g.Digest
		return &runError{cause: e}
	case *LargeError:
		e.Plugin = g.Manifest.Name
		return &runError{cause: e}
	case *timeoutError:
		return &runError{reason: e.Error(), tooLong: true}
	}
	return &runError{reason: cause.Error(), compiled: cause == errSlow}
}

// An output keeps what a plugin writes, up to a limit.
type output struct {
	bytes.Buffer
	limit    int
	overflow func()
}

var errFull = errors.New("output limit exceeded")

func (o *output) Write(b []byte) (int, error) {
	if o.Len()+len(b) > o.limit {
		o.overflow()
		return 0, errFull
	}
	return o.Buffer.Write(b)
}
