package buildkit

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

// statusRouter takes what the engine says of all steps apart and gives each step its own: what it prints, and when its command begins
// and ends. Two steps with the same command on the same files are one to the engine, and both are told.
type statusRouter struct {
	mu    sync.Mutex
	steps map[digest.Digest][]*watcher // by the vertex of the command
	pulls pulls
}

// watcher is a command that somebody waits for.
type watcher struct {
	emit    func(ui.Event)
	command string
	started bool
	cached  bool
	clipped bool
	ended   chan struct{}
}

// listen returns what the engine's statuses go into; they end when the build closes it.
func (h *statusRouter) listen() chan *client.SolveStatus {
	statuses := make(chan *client.SolveStatus)
	go func() {
		for s := range statuses {
			h.route(s)
		}
	}()
	return statuses
}

// watch registers the vertex of a command.
func (h *statusRouter) watch(vertex digest.Digest, command string, emit func(ui.Event)) *watcher {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.steps == nil {
		h.steps = map[digest.Digest][]*watcher{}
	}
	w := &watcher{emit: emit, command: command, ended: make(chan struct{})}
	h.steps[vertex] = append(h.steps[vertex], w)
	return w
}

// forget ends a watch, when all that the command printed has come, or will not come any more.
func (h *statusRouter) forget(vertex digest.Digest, w *watcher, patience time.Duration) {
	select {
	case <-w.ended:
	case <-time.After(patience):
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.steps[vertex] = slices.DeleteFunc(h.steps[vertex], func(other *watcher) bool { return other == w })
}

func (h *statusRouter) route(s *client.SolveStatus) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range s.Vertexes {
		h.pulls.addVertex(v)
		for _, w := range h.steps[v.Digest] {
			w.begin(v)
		}
	}
	h.reportPulls(s.Statuses)
	for _, l := range s.Logs {
		text := strings.ReplaceAll(string(l.Data), "\r\n", "\n")
		for _, w := range h.steps[l.Vertex] {
			w.emit(ui.Event{Type: ui.EventOutput, Stream: stream(l.Stream), Text: text})
			w.warnClipped(text)
		}
	}
	for _, v := range s.Vertexes {
		for _, w := range h.steps[v.Digest] {
			w.end(v)
		}
	}
}

// reportPulls tells the steps that have not begun which images are on their way.
func (h *statusRouter) reportPulls(statuses []*client.VertexStatus) {
	e, news := h.pulls.update(statuses)
	if !news {
		return
	}
	for _, all := range h.steps {
		for _, w := range all {
			if !w.started {
				w.emit(e)
			}
		}
	}
}

// begin tells that the command runs, or that the engine has its result.
func (w *watcher) begin(v *client.Vertex) {
	if w.started || v.Started == nil {
		return
	}
	w.started, w.cached = true, v.Cached
	if !v.Cached {
		w.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: w.command})
	}
}

// clippedMark is what an engine says in the place of what it drops.
const clippedMark = "[output clipped, log limit "

// warnClipped warns, once, that the engine passes on no more of what a command prints. Only whoever runs the engine can change that.
func (w *watcher) warnClipped(text string) {
	if w.clipped || !strings.Contains(text, clippedMark) {
		return
	}
	w.clipped = true
	w.emit(ui.Event{
		Type: ui.EventWarning, Text: "the engine drops part of what it prints: it takes so much a second, and so much of a step",
		Hint: "BUILDKIT_STEP_LOG_MAX_SPEED=-1 and BUILDKIT_STEP_LOG_MAX_SIZE=-1 in the environment of the engine have it pass on everything; or --on host",
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
