package buildkit

import (
	"strings"

	"github.com/moby/buildkit/client"
	"github.com/opencontainers/go-digest"

	"github.com/davit-dev/davit/internal/ui"
)

// vertices tells of a build that is one step: the names of what it does, and what that prints.
type vertices struct {
	emit    func(ui.Event)
	command string
	begun   bool
	told    map[digest.Digest]bool
}

func (h *vertices) take(s *client.SolveStatus) {
	if h.told == nil {
		h.told = map[digest.Digest]bool{}
	}
	for _, v := range s.Vertexes {
		if v.Started == nil || h.told[v.Digest] || strings.HasPrefix(v.Name, "[internal]") {
			continue
		}
		h.told[v.Digest] = true
		h.start()
		name := v.Name
		if v.Cached {
			name = "cached " + name
		}
		h.print("stdout", name+"\n")
	}
	for _, l := range s.Logs {
		h.start()
		h.print(stream(l.Stream), strings.ReplaceAll(string(l.Data), "\r\n", "\n"))
	}
}

func (h *vertices) start() {
	if !h.begun {
		h.begun = true
		h.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: h.command})
	}
}

func (h *vertices) print(stream, text string) {
	h.emit(ui.Event{Type: ui.EventOutput, Stream: stream, Text: text})
}
