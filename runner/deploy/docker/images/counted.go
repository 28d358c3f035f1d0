package images

import (
	"io"
	"time"

	"github.com/davit-dev/davit/internal/ui"
)

// counting says how much of something has been read, a few times a second.
type counting struct {
	io.Reader
	what string
	emit func(ui.Event)
	done int64
	last time.Time
}

func counted(r io.Reader, what string, emit func(ui.Event)) io.Reader {
	return &counting{Reader: r, what: what, emit: emit}
}

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.done += int64(n)
	if c.emit != nil && time.Since(c.last) > 200*time.Millisecond {
		c.last = time.Now()
		c.emit(ui.Event{Type: ui.EventProgress, Step: c.what, Done: c.done})
	}
	return n, err
}
