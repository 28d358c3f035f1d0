package runner

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/secret"
	"github.com/davit-dev/davit/internal/ui"
)

// A Mask hides the values of secrets in text.
// More values may be added while it is in use.
type Mask struct {
	mu    sync.RWMutex
	index wordIndex
}

// minHidden is the length from which a line of a secret is hidden: shorter ones occur in any text.
const minHidden = 4

// hidden replaces a secret.
const hidden = "***"

// NewMask returns a Mask of each line of each value, and of the other forms in which programs print those that are
// long enough.
func NewMask(values map[string][]byte) *Mask {
	m := &Mask{}
	for _, id := range slices.Sorted(maps.Keys(values)) {
		for line := range bytes.Lines(values[id]) {
			line = bytes.TrimSpace(line)
			m.Add(string(line))
			m.Hide(string(line))
		}
	}
	return m
}

// Hide adds a value in all forms in which programs print it, if it is secret.Hideable.
func (m *Mask) Hide(value string) {
	if secret.Hideable(value) {
		m.Add(slices.Concat(secret.Forms(value), secret.Base64(value))...)
	}
}

// Add adds values that are hidden as they are, each of four bytes or more.
func (m *Mask) Add(values ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, value := range values {
		m.index.add(value)
	}
}

// empty reports whether there is no value so far.
func (m *Mask) empty() bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return len(m.index.words) == 0
}

// Text returns text without the values.
func (m *Mask) Text(text string) string {
	if m == nil || m.empty() {
		return text
	}
	s := streamMask{mask: m}
	return s.pass(text) + s.rest()
}

// A streamMask hides values in text that comes in pieces: it holds back what may be the beginning of one.
type streamMask struct {
	mask  *Mask
	held  []byte
	marks []bool // which bytes of held are hidden
	open  bool   // what was passed on last was hidden
}

// pass takes a piece of text and returns what can be passed on.
func (s *streamMask) pass(text string) string {
	s.held = append(s.held, text...)
	s.marks = append(s.marks, make([]bool, len(text))...)
	s.mask.mu.RLock()
	defer s.mask.mu.RUnlock()
	keep, index := len(s.held), &s.mask.index
	for i := range s.held {
		for _, word := range index.at(s.held[i:]) {
			if s.begins(i, word) {
				keep = min(keep, i)
			}
		}
		if len(s.held)-i < headSize && index.begins[string(s.held[i:])] {
			keep = min(keep, i)
		}
	}
	return s.cut(keep)
}

// begins marks a value if it is at a place, and reports whether it may be, with text that is still to come.
func (s *streamMask) begins(at int, word string) bool {
	text := s.held[at:]
	if len(text) < len(word) {
		return word[:len(text)] == string(text)
	}
	if string(text[:len(word)]) == word {
		for i := range word {
			s.marks[at+i] = true
		}
	}
	return false
}

// rest returns what was held back.
func (s *streamMask) rest() string { return s.cut(len(s.held)) }

// cut takes the first n bytes, and replaces each run of hidden ones.
func (s *streamMask) cut(n int) string {
	if n == len(s.held) && !slices.Contains(s.marks, true) {
		text := string(s.held)
		s.held, s.marks, s.open = s.held[:0], s.marks[:0], s.open && n == 0
		return text
	}
	var out strings.Builder
	for i, b := range s.held[:n] {
		switch {
		case !s.marks[i]:
			out.WriteByte(b)
		case !s.open:
			out.WriteString(hidden)
		}
		s.open = s.marks[i]
	}
	s.held, s.marks = append([]byte(nil), s.held[n:]...), append([]bool(nil), s.marks[n:]...)
	return out.String()
}

// Masked wraps a Runner so that no event and no reason holds the value of a secret.
func Masked(r Runner, m *Mask) Runner {
	if m == nil || m.empty() {
		return r
	}
	return &masked{Runner: r, mask: m}
}

type masked struct {
	Runner
	mask *Mask
}

func (m *masked) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	out := &maskedEvents{mask: m.mask, emit: emit, step: s.ID, masks: map[string]*streamMask{},
		asked: map[string]*maskCommands{}}
	r := m.Runner.Run(ctx, s, out.event)
	out.close()
	r.Reason, r.Hint = m.mask.Text(r.Reason), m.mask.Text(r.Hint)
	return r
}

// maskedEvents passes on the events of one step, with each of its streams masked.
type maskedEvents struct {
	mask  *Mask
	emit  func(ui.Event)
	step  string
	mu    sync.Mutex
	masks map[string]*streamMask
	asked map[string]*maskCommands
}

func (v *maskedEvents) event(e ui.Event) {
	if e.Type != ui.EventOutput {
		for _, text := range []*string{&e.Text, &e.Hint, &e.Reason, &e.Command} {
			*text = v.mask.Text(*text)
		}
		v.emit(e)
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.masks[e.Stream]
	if s == nil {
		s = &streamMask{mask: v.mask}
		v.masks[e.Stream], v.asked[e.Stream] = s, &maskCommands{}
	}
	v.ask(v.asked[e.Stream].pass(e.Text))
	if e.Text = s.pass(e.Text); e.Text != "" {
		v.emit(e)
	}
}

// ask passes on the values that a step wants masked, and that its output does not have any more.
func (v *maskedEvents) ask(values []string) {
	for _, value := range values {
		if v.mask.Text(value) != value {
			v.emit(ui.Event{Type: ui.EventMask, Step: v.step, Secret: value})
		}
	}
}

func (v *maskedEvents) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, stream := range slices.Sorted(maps.Keys(v.masks)) {
		v.ask(v.asked[stream].rest())
		if text := v.masks[stream].rest(); text != "" {
			v.emit(ui.Event{Type: ui.EventOutput, Step: v.step, Stream: stream, Text: text})
		}
	}
}
