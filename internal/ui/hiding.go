package ui

import "io"

// Hiding returns the streams with everything that is printed changed by a function, one write at a time.
func (s *Streams) Hiding(hide func(text string) string) *Streams {
	hiding := *s
	hiding.out, hiding.err = &filter{unfiltered(s.out), hide}, &filter{unfiltered(s.err), hide}
	return &hiding
}

// A filter is a stream whose text is changed.
type filter struct {
	io.Writer
	change func(string) string
}

func (f *filter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(f.Writer, f.change(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// unfiltered returns the stream behind a filter.
func unfiltered(w io.Writer) io.Writer {
	if f, ok := w.(*filter); ok {
		return f.Writer
	}
	return w
}
