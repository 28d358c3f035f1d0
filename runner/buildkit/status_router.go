package buildkit

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// A statusRouter distributes the statuses of a build to its steps: their output, and when their commands
// start and end. Two steps with the same command on the same files are one vertex to the engine, and both get
// its statuses.
type statusRouter struct {
	mu    sync.Mutex
	steps map[digest.Digest][]*watcher // by the vertex of the command
	pulls pulls
}

// A watcher receives the statuses of one command.
type watcher struct {
	emit    func(ui.Event)
	command string
	started bool
	cached  bool
	clipped bool
	ended   chan struct{}
}

// listen returns the channel for the statuses of the engine. The build closes it.
func (r *statusRouter) listen() chan *client.SolveStatus {
	statuses := make(chan *client.SolveStatus)
	go func() {
		for s := range statuses {
			r.route(s)
		}
	}()
	return statuses
}

// watch registers a watcher for the vertex of a command.
func (r *statusRouter) watch(vertex digest.Digest, command string, emit func(ui.Event)) *watcher {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.steps == nil {
		r.steps = map[digest.Digest][]*watcher{}
	}
	w := &watcher{emit: emit, command: command, ended: make(chan struct{})}
	r.steps[vertex] = append(r.steps[vertex], w)
	return w
}

// forget removes a watcher, once all output of the command has arrived or the patience is over.
func (r *statusRouter) forget(vertex digest.Digest, w *watcher, patience time.Duration) {
	select {
	case <-w.ended:
	case <-time.After(patience):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.steps[vertex] = slices.DeleteFunc(r.steps[vertex], func(other *watcher) bool { return other == w })
}

func (r *statusRouter) route(s *client.SolveStatus) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, v := range s.Vertexes {
		r.pulls.addVertex(v)
		for _, w := range r.steps[v.Digest] {
			w.begin(v)
		}
	}
	r.reportPulls(s.Statuses)
	for _, l := range s.Logs {
		text := strings.ReplaceAll(string(l.Data), "\r\n", "\n")
		for _, w := range r.steps[l.Vertex] {
			w.emit(ui.Event{Type: ui.EventOutput, Stream: stream(l.Stream), Text: text})
			w.warnClipped(text)
		}
	}
	for _, v := range s.Vertexes {
		for _, w := range r.steps[v.Digest] {
			w.end(v)
		}
	}
}

// reportPulls emits the progress of images to the steps that have not started.
func (r *statusRouter) reportPulls(statuses []*client.VertexStatus) {
	e, news := r.pulls.update(statuses)
	if !news {
		return
	}
	for _, all := range r.steps {
		for _, w := range all {
			if !w.started {
				w.emit(e)
			}
		}
	}
}

// begin emits that the command runs, or records that the engine has its result.
func (w *watcher) begin(v *client.Vertex) {
	if w.started || v.Started == nil {
		return
	}
	w.started, w.cached = true, v.Cached
	if !v.Cached {
		w.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: w.command})
	}
}

// warnClipped warns, once, that the engine drops output of the command. Only the administrator of the engine
// can change that.
func (w *watcher) warnClipped(text string) {
	if w.clipped || !strings.Contains(text, runner.ClippedMark) {
		return
	}
	w.clipped = true
	w.emit(ui.Event{
		Type: ui.EventWarning,
		Text: "the engine drops part of its output: it limits how much a step prints, and how fast",
		Hint: "set BUILDKIT_STEP_LOG_MAX_SPEED=-1 and BUILDKIT_STEP_LOG_MAX_SIZE=-1 in the environment of the engine, or use --on host",
	})
}

func (w *watcher) end(v *client.Vertex) {
	if v.Completed == nil || !w.started {
		return
	}
	select {
	case <-w.ended:
	default:
		close(w.ended)
	}
}

func stream(number int) string {
	if number == 2 {
		return "stderr"
	}
	return "stdout"
}
