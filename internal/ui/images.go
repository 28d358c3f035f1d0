package ui

import "io"

// images prints, as the very last lines of standard output, the images that a run built or published, as docker run
// takes them: for scripts.
type images struct {
	Display
	streams *Streams
	made    []string
}

func (i *images) Event(e Event) {
	if e.Type == EventEnd {
		i.made = e.References
	}
	i.Display.Event(e)
}

func (i *images) Close() {
	i.Display.Close()
	for _, name := range i.made {
		io.WriteString(i.streams.out, clean(name)+"\n")
	}
	i.made = nil
}
