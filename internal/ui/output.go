package ui

import "strings"

// An output splits what a step prints on its two streams into whole lines: neither the other stream nor
// another step cuts a line in two.
type output struct {
	partial map[string]string // the unfinished line of each stream
	order   []string
}

// add adds a piece of a stream, and returns the lines that it completes, unchanged.
func (o *output) add(stream, text string) (whole string) {
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

// flush returns the unfinished lines, each with a newline.
func (o *output) flush() (whole string) {
	for _, stream := range o.order {
		if o.partial[stream] != "" {
			whole += o.partial[stream] + "\n"
		}
	}
	*o = output{}
	return whole
}

// outputs are the outputs of the steps of a run.
type outputs map[string]*output

func (all outputs) add(e Event) string {
	if all[e.Step] == nil {
		all[e.Step] = &output{}
	}
	return all[e.Step].add(e.Stream, e.Text)
}

func (all outputs) flush(step string) string {
	if all[step] == nil {
		return ""
	}
	defer delete(all, step)
	return all[step].flush()
}

// logs keep the outputs of steps until they are shown.
type logs struct {
	outputs outputs
	text    map[string]*strings.Builder
}

func newLogs() *logs { return &logs{outputs: outputs{}, text: map[string]*strings.Builder{}} }

func (l *logs) keep(e Event) { l.add(e.Step, l.outputs.add(e)) }

func (l *logs) add(step, text string) {
	if l.text[step] == nil {
		l.text[step] = &strings.Builder{}
	}
	l.text[step].WriteString(text)
}

// take removes the output of a step, and returns it.
func (l *logs) take(step string) string {
	l.add(step, l.outputs.flush(step))
	defer delete(l.text, step)
	return l.text[step].String()
}

// prefixed writes "step | " before each line. Of a line with carriage returns, such as a progress bar, only
// the last text is shown, since the cursor cannot move.
func prefixed(prefix, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		line = line[strings.LastIndexByte(line, '\r')+1:]
		b.WriteString(strings.TrimRight(prefix+" "+line, " ") + "\n")
	}
	return b.String()
}
