package runner

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/ui"
)

// A Mask hides the values of secrets in text.
// More values may be added while it is in use.
type Mask struct {
	mu    sync.RWMutex
	words [][]byte
}

// minHidden is the length from which a line of a secret is hidden: shorter ones occur in any text.
const minHidden = 4

// hidden replaces a secret.
const hidden = "***"

// NewMask returns a Mask of each line of each value. It does not recognise other forms of a value, such as
// base64.
func NewMask(values map[string][]byte) *Mask {
	m := &Mask{}
	for _, id := range slices.Sorted(maps.Keys(values)) {
		for line := range bytes.Lines(values[id]) {
			if line = bytes.TrimSpace(line); len(line) >= minHidden {
				m.words = append(m.words, line)
			}
		}
	}
	return m
}

// Add adds values that are hidden as they are.
func (m *Mask) Add(values ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, value := range values {
		if !slices.ContainsFunc(m.words, func(w []byte) bool { return string(w) == value }) {
			m.words = append(m.words[:len(m.words):len(m.words)], []byte(value))
		}
	}
}

// all returns the values so far.
func (m *Mask) all() [][]byte {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.words
}

// Text returns text without the values.
func (m *Mask) Text(text string) string {
	if m == nil || len(m.all()) == 0 {
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
	keep := len(s.held)
	for _, word := range s.mask.all() {
		s.mark(word)
		keep = min(keep, len(s.held)-partialMatch(s.held, word))
	}
	return s.cut(keep)
}

// rest returns what was held back.
func (s *streamMask) rest() string { return s.cut(len(s.held)) }

// mark marks every occurrence of a value, overlapping ones too.
func (s *streamMask) mark(word []byte) {
	for from := 0; ; {
		at := bytes.Index(s.held[from:], word)
		if at < 0 {
			return
		}
		for i := range word {
			s.marks[from+at+i] = true
		}
		from += at + 1
	}
}

// partialMatch returns how many bytes at the end of text are an incomplete beginning of a word.
func partialMatch(text, word []byte) int {
	for n := min(len(word)-1, len(text)); n > 0; n-- {
		if bytes.Equal(text[len(text)-n:], word[:n]) {
			return n
		}
	}
	return 0
}

// cut takes the first n bytes, and replaces each run of hidden ones.
func (s *streamMask) cut(n int) string {
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
	if m == nil || len(m.all()) == 0 {
		return r
	}
	return &masked{Runner: r, mask: m}
}

type masked struct {
	Runner
	mask *Mask
}

func (m *masked) Run(ctx context.Context, s Step, emit func(ui.Event)) Result {
	out := &maskedEvents{mask: m.mask, emit: emit, step: s.ID, masks: map[string]*streamMask{}}
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
		v.masks[e.Stream] = s
	}
	if e.Text = s.pass(e.Text); e.Text != "" {
		v.emit(e)
	}
}

func (v *maskedEvents) close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, stream := range slices.Sorted(maps.Keys(v.masks)) {
		if text := v.masks[stream].rest(); text != "" {
			v.emit(ui.Event{Type: ui.EventOutput, Step: v.step, Stream: stream, Text: text})
		}
	}
}
