package ui

import (
	"maps"
	"slices"
	"sync"
	"unicode/utf8"
)

// ndjson writes each event as one line of JSON on standard output, and nothing else anywhere.
type ndjson struct {
	mu   sync.Mutex
	enc  Encoder
	tail map[[2]string]string // the incomplete rune at the end of each step's streams
}

func newJSON(s *Streams) *ndjson {
	return &ndjson{enc: s.Encoder(), tail: map[[2]string]string{}}
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

// whole returns the text of an output event up to its last complete rune, since JSON cannot hold half a rune.
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

// flush prints the incomplete runes of a step, or of all steps for "". JSON shows them as U+FFFD.
func (j *ndjson) flush(step string) {
	keys := slices.SortedFunc(maps.Keys(j.tail),
		func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	for _, key := range keys {
		if step == "" || key[0] == step {
			j.enc.Encode(Event{Type: EventOutput, Step: key[0], Stream: key[1], Text: j.tail[key]})
			delete(j.tail, key)
		}
	}
}

func (j *ndjson) Close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.flush("")
}
