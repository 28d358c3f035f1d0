package host

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/davit-dev/davit/internal/ui"
)

// A stream turns what a step prints to one of its streams into events. A character that comes in two pieces
// is passed on in one.
type stream struct {
	name string
	emit func(ui.Event)
	mu   sync.Mutex
	rest []byte
	over bool
}

func (s *stream) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return len(b), nil
	}
	text := append(s.rest, b...)
	cut := len(text) - unfinished(text)
	s.rest = append([]byte(nil), text[cut:]...)
	s.send(text[:cut])
	return len(b), nil
}

// flush passes on what is left. What comes later, from a process in the background, is dropped.
func (s *stream) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send(s.rest)
	s.rest, s.over = nil, true
}

func (s *stream) send(text []byte) {
	if len(text) > 0 {
		s.emit(ui.Event{Type: ui.EventOutput, Stream: s.name,
			Text: strings.ToValidUTF8(string(text), "\uFFFD")})
	}
}

// unfinished returns how many bytes at the end are the beginning of a character.
func unfinished(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if b >= utf8.RuneSelf && !utf8.FullRune(text[len(text)-n:]) {
				return n
			}
			return 0
		}
	}
	return 0
}
