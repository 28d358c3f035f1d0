package runner

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/ui"
)

// maxTranscript is how many bytes are kept of what a step says.
const maxTranscript = 256 << 10

// A transcript is what a step said, stored as one JSON event for each line.
type transcript struct {
	mu    sync.Mutex
	lines bytes.Buffer
	over  bool
}

// hear passes events on, and writes down those of output.
func (t *transcript) hear(emit func(ui.Event)) func(ui.Event) {
	return func(e ui.Event) {
		if e.Type == ui.EventOutput {
			t.add(e)
		}
		emit(e)
	}
}

func (t *transcript) add(e ui.Event) {
	line, err := json.Marshal(ui.Event{Type: e.Type, Stream: e.Stream, Text: e.Text})
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over = t.over || err != nil || t.lines.Len()+len(line) > maxTranscript; !t.over {
		t.lines.Write(append(line, '\n'))
	}
}

// store stores the transcript, and returns its digest, or "" if the step said nothing.
func (t *transcript) store(s *cache.Store) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.lines.Len() == 0 {
		return ""
	}
	if t.over {
		line, _ := json.Marshal(ui.Event{Type: ui.EventOutput, Text: "… (the rest was not kept)\n"}) // cannot fail
		t.lines.Write(line)
	}
	digest, _ := s.Put(&t.lines)
	return digest
}

// replay emits what the step of an entry said.
func (c *Cache) replay(e entry, emit func(ui.Event)) {
	var text strings.Builder
	if e.Said == "" || !c.store.Copy(&text, e.Said) {
		return
	}
	for line := range strings.Lines(text.String()) {
		var event ui.Event
		if json.Unmarshal([]byte(line), &event) == nil {
			emit(event)
		}
	}
}
