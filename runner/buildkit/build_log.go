package buildkit

import (
	"strings"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

// A buildLog emits the progress of a build that is one step: the names of its vertices and their output.
type buildLog struct {
	emit    func(ui.Event)
	command string
	started bool
	shown   map[digest.Digest]bool
}

func (h *buildLog) add(s *client.SolveStatus) {
	if h.shown == nil {
		h.shown = map[digest.Digest]bool{}
	}
	for _, v := range s.Vertexes {
		if v.Started == nil || h.shown[v.Digest] || strings.HasPrefix(v.Name, "[internal]") {
			continue
		}
		h.shown[v.Digest] = true
		h.begin()
		name := v.Name
		if v.Cached {
			name = "cached " + name
		}
		h.print("stdout", name+"\n")
	}
	for _, l := range s.Logs {
		h.begin()
		h.print(stream(l.Stream), strings.ReplaceAll(string(l.Data), "\r\n", "\n"))
	}
}

func (h *buildLog) begin() {
	if !h.started {
		h.started = true
		h.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: h.command})
	}
}

func (h *buildLog) print(stream, text string) {
	h.emit(ui.Event{Type: ui.EventOutput, Stream: stream, Text: text})
}
