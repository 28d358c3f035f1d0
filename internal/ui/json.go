package ui

import (
	"encoding/json"
	"sync"
	"unicode/utf8"
)

// ndjson writes each event as one line of JSON on standard output, and nothing else anywhere.
type ndjson struct {
	mu   sync.Mutex
	enc  *json.Encoder
	tail map[[2]string]string // of each step and stream, the rune that a piece of output ended within
}

func newJSON(s *Streams) *ndjson {
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	return &ndjson{enc: enc, tail: map[[2]string]string{}}
}

func (j *ndjson) Event(e Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if e.Type == EventStep && finished(e.Status) {
		j.flush(e.Step)
	}
	if e.Type == EventOutput {
		if e.Text = j.whole(e); e.Text == "" {
			return
		}
	}
	j.enc.Encode(e)
}

// whole is the text of an output event up to its last whole rune: JSON has no way to say half of one.
func (j *ndjson) whole(e Event) string {
	key := [2]string{e.Step, e.Stream}
	text := j.tail[key] + e.Text
	delete(j.tail, key)
	end := len(text)
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if at := len(text) - back; utf8.RuneStart(text[at]) {
			if !utf8.FullRuneInString(text[at:]) {
				end = at
			}
			break
		}
	}
	if end < len(text) {
		j.tail[key] = text[end:]
	}
	return text[:end]
}

func (j *ndjson) flush(step string) {
	for _, stream := range []string{"stdout", "stderr", ""} {
		key := [2]string{step, stream}
		if text := j.tail[key]; text != "" {
			delete(j.tail, key)
			j.enc.Encode(Event{Type: EventOutput, Step: step, Stream: stream, Text: text})
		}
	}
}

func (j *ndjson) Close() {}
