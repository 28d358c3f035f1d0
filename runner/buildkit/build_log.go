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

func (b *buildLog) add(s *client.SolveStatus) {
	if b.shown == nil {
		b.shown = map[digest.Digest]bool{}
	}
	for _, v := range s.Vertexes {
		if v.Started == nil || b.shown[v.Digest] || strings.HasPrefix(v.Name, "[internal]") {
			continue
		}
		b.shown[v.Digest] = true
		b.begin()
		name := v.Name
		if v.Cached {
			name = "cached " + name
		}
		b.print("stdout", name+"\n")
	}
	for _, l := range s.Logs {
		b.begin()
		b.print(stream(l.Stream), strings.ReplaceAll(string(l.Data), "\r\n", "\n"))
	}
}

func (b *buildLog) begin() {
	if !b.started {
		b.started = true
		b.emit(ui.Event{Type: ui.EventStep, Status: ui.StatusRunning, Command: b.command})
	}
}

func (b *buildLog) print(stream, text string) {
	b.emit(ui.Event{Type: ui.EventOutput, Stream: stream, Text: text})
}
