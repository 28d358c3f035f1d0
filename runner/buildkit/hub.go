package buildkit

import (
	"strings"
	"sync"
	"time"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

// hub takes what the engine says of all steps apart and gives each step its own: what it prints, and when its command begins
// and ends. A vertex belongs to the step whose id its name begins with, "[go:build] go build".
type hub struct {
	mu    sync.Mutex
	names map[digest.Digest]string
	steps map[string]*watched // by the name of the vertex of the command
}

// watched is a command that somebody waits for.
type watched struct {
	emit    func(ui.Event)
	command string
	begun   bool
	cached  bool
	ended   chan struct{}
}

// listen returns what the engine's statuses go into; they end when the build closes it.
func (h *hub) listen() chan *client.SolveStatus {
	statuses := make(chan *client.SolveStatus)
	go func() {
		for s := range statuses {
			h.take(s)
		}
	}()
	return statuses
}

// watch registers the vertex of a command.
func (h *hub) watch(name, command string, emit func(ui.Event)) *watched {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.steps == nil {
		h.steps = map[string]*watched{}
	}
	w := &watched{emit: emit, command: command, ended: make(chan struct{})}
	h.steps[name] = w
	return w
}

// forget ends a watch, when all that the command printed has come, or will not come any more.
func (h *hub) forget(name string, patience time.Duration) {
	h.mu.Lock()
	w := h.steps[name]
	h.mu.Unlock()
	select {
	case <-w.ended:
	case <-time.After(patience):
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.steps, name)
}

func (h *hub) take(s *client.SolveStatus) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.names == nil {
		h.names = map[digest.Digest]string{}
	}
	for _, v := range s.Vertexes {
		h.names[v.Digest] = v.Name
		if w := h.steps[v.Name]; w != nil && v.Started != nil {
			w.start(v)
		}
	}
	for _, l := range s.Logs {
		if w := h.steps[h.names[l.Vertex]]; w != nil {
			w.emit(ui.Event{Type: ui.EventOutput, Stream: stream(l.Stream), Text: strings.ReplaceAll(string(l.Data), "\r\n", "\n")})
		}
	}
	for _, v := range s.Vertexes {
		if w := h.steps[v.Name]; w != nil && v.Completed != nil && w.begun {
			w.end()
		}
	}
}

// start tells that the command runs, or that the engine has its result.
func (w *watched) start(v *client.Vertex) {
	if w.begun {
		return
	}
	w.begun, w.cached = true, v.Cached
	if !v.Cached {
		w.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: w.command})
	}
}

func (w *watched) end() {
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
