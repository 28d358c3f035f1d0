package yaml

import "strings"

// A flow is a list in brackets or a mapping in braces. It may go on over several lines.
type flow struct {
	node  *Node // which gets the entries
	text  strings.Builder
	depth int  // of the brackets that are open
	quote byte // that is open
	last  byte // the last character that is no space, outside of quotes
}

// opensFlow reports whether a value begins a list or a mapping. "{{" begins a template.
func opensFlow(value string) bool {
	return value != "" && (value[0] == '[' || value[0] == '{') && !strings.HasPrefix(value, "{{")
}

// startFlow reads the value of a node, which begins with a bracket. Entries of a value without a key are those
// of the parent.
func (r *reader) startFlow(n, parent *Node) {
	r.flow = &flow{node: n}
	if n.Key == "" {
		r.flow.node = parent
	}
	text := n.Value
	n.Value = ""
	r.addFlow(text)
}

// addFlow adds a line to the open flow, and parses it if that was its last one.
func (r *reader) addFlow(line string) {
	f := r.flow
	if f.add(line) {
		r.flow = nil
		p := &flowParser{text: f.text.String(), line: f.node.Line}
		f.node.Children = append(f.node.Children, p.collection(0)...)
	}
}

// add adds a line without its comment, and reports whether all brackets are closed.
func (f *flow) add(line string) bool {
	for i := range len(line) {
		c := line[i]
		if f.quote == 0 && c == '#' && (i == 0 || line[i-1] == ' ') {
			break
		}
		f.text.WriteByte(c)
		f.next(c)
		if f.depth == 0 {
			return true
		}
	}
	f.text.WriteByte(' ')
	return false
}

// next counts brackets outside of quotes. A quote opens only where a value begins.
func (f *flow) next(c byte) {
	switch {
	case c == ' ':
		return
	case f.quote != 0:
		if c == f.quote {
			f.quote = 0
		}
		return
	case (c == '"' || c == '\'') && strings.IndexByte("[{,:", f.last) >= 0:
		f.quote = c
	case c == '[' || c == '{':
		f.depth++
	case c == ']' || c == '}':
		f.depth--
	}
	f.last = c
}

// A flowParser is a position in the text of a flow.
type flowParser struct {
	text string
	line int
}

// collection parses the entries of a list or of a mapping, up to its closing bracket.
func (p *flowParser) collection(depth int) (out []*Node) {
	list := p.text[0] == '['
	p.text = p.text[1:]
	for {
		p.text = strings.TrimLeft(p.text, " ,")
		if p.text == "" || p.text[0] == ']' || p.text[0] == '}' {
			p.text = p.text[min(1, len(p.text)):]
			return out
		}
		out = append(out, p.entry(list, depth))
	}
}

// entry parses one entry of a list or of a mapping.
func (p *flowParser) entry(list bool, depth int) *Node {
	n := &Node{Item: list, Line: p.line}
	if !list || !opensCollection(p.text) {
		word := p.word()
		if p.isKey() {
			n.Key = unquote(word)
			p.text = strings.TrimLeft(p.text[1:], " ")
		} else {
			n.Value = word
			return n
		}
	}
	switch {
	case opensCollection(p.text) && depth < maxNesting:
		n.Children = p.collection(depth + 1)
	case n.Key != "" && p.text != "" && strings.IndexByte(",]}", p.text[0]) < 0:
		n.Value = p.word()
	}
	return n
}

func opensCollection(text string) bool { return text != "" && (text[0] == '[' || text[0] == '{') }

// isKey reports whether the word before was a key.
func (p *flowParser) isKey() bool {
	return strings.HasPrefix(p.text, ": ") || p.text == ":" || strings.HasPrefix(p.text, ":[") ||
		strings.HasPrefix(p.text, ":{")
}

// word cuts a scalar from the text. It removes at least one character, so a parser makes progress.
func (p *flowParser) word() string {
	end := p.quoted()
	for end == 0 || end < len(p.text) && !p.endsWord(end) {
		end++
	}
	end = min(end, len(p.text))
	word := strings.TrimSpace(p.text[:end])
	p.text = strings.TrimLeft(p.text[end:], " ")
	return word
}

func (p *flowParser) endsWord(i int) bool {
	c := p.text[i]
	return c == ',' || c == ']' || c == '}' || c == ':' && (i+1 == len(p.text) || p.text[i+1] == ' ')
}

// quoted returns the length of the quoted scalar at the position, or 0.
func (p *flowParser) quoted() int {
	if quote := p.text[0]; quote == '"' || quote == '\'' {
		if end := closingQuote(p.text); end > 0 {
			return end + 1
		}
	}
	return 0
}
