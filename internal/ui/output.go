package ui

import "strings"

// output puts together what a step prints on its two streams, so that only whole lines leave it: a line of one stream is
// never cut in two by the other, nor by another step.
type output struct {
	partial map[string]string // the unfinished line of each stream
	order   []string
}

// take adds a piece of a stream and returns the lines that it completes, as they are.
func (o *output) take(stream, text string) (whole string) {
	if o.partial == nil {
		o.partial = map[string]string{}
	}
	if _, known := o.partial[stream]; !known {
		o.order = append(o.order, stream)
	}
	text = o.partial[stream] + text
	end := strings.LastIndexByte(text, '\n') + 1
	o.partial[stream] = text[end:]
	return text[:end]
}

// rest returns the unfinished lines, each now ended.
func (o *output) rest() (whole string) {
	for _, stream := range o.order {
		if o.partial[stream] != "" {
			whole += o.partial[stream] + "\n"
		}
	}
	*o = output{}
	return whole
}

// outputs are those of the steps of a run.
type outputs map[string]*output

func (all outputs) take(e Event) string {
	if all[e.Step] == nil {
		all[e.Step] = &output{}
	}
	return all[e.Step].take(e.Stream, e.Text)
}

func (all outputs) rest(step string) string {
	if all[step] == nil {
		return ""
	}
	defer delete(all, step)
	return all[step].rest()
}

// logs are the outputs of steps, kept until somebody wants to see them.
type logs struct {
	outputs outputs
	text    map[string]*strings.Builder
}

func newLogs() *logs { return &logs{outputs: outputs{}, text: map[string]*strings.Builder{}} }

func (l *logs) keep(e Event) { l.add(e.Step, l.outputs.take(e)) }

func (l *logs) add(step, text string) {
	if l.text[step] == nil {
		l.text[step] = &strings.Builder{}
	}
	l.text[step].WriteString(text)
}

// drop forgets the output of a step, and returns all of it.
func (l *logs) drop(step string) string {
	l.add(step, l.outputs.rest(step))
	defer delete(l.text, step)
	return l.text[step].String()
}

// prefixed writes "step | " before each line. Of a line that rewrote itself with carriage returns, as progress bars do,
// only what it said last is shown, for there is no cursor to move.
func prefixed(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		line = line[strings.LastIndexByte(line, '\r')+1:]
		b.WriteString(strings.TrimRight(prefix+" "+line, " ") + "\n")
	}
	return b.String()
}
