package secret

import "strings"

// keyed is a line that begins with a name, in YAML or as properties have it: what stands before the name, the name,
// and what begins the value.
var keyed = lazy(`(?m)^([ \t]*(?:- +)*(?:export +)?)["']?([A-Za-z0-9_][A-Za-z0-9_.-]*)["']?(?:[ \t]*=[ \t]*|:(?:[ \t]+|\r?$))(?:[!&][^\s,]*[ \t]+)*`)

// lines returns the spans of values that are all that stands behind a name in its line, or in the lines below it.
func (n Names) lines(text string) (all []Span) {
	for _, m := range keyed().FindAllStringSubmatchIndex(text, -1) {
		if !n.Has(text[m[4]:m[5]]) {
			continue
		}
		s := scalar(text, m[4]-lineStart(text, m[4]), m[1])
		if s.End > s.Start {
			if s, ok := valueAt(text, s.Start, s.End); ok {
				s.Name = text[m[4]:m[5]]
				all = append(all, s)
			}
		}
	}
	return all
}

// lineValue returns the span of a value that a form has found, or the longer one that it has where its name begins
// a line.
func lineValue(text string, name, start, end int) Span {
	if before := text[lineStart(text, name):name]; strings.Trim(before, " \t-\"'") == "" {
		if s := scalar(text, len(before), start); s.End > end {
			return s
		}
	}
	return Span{Start: start, End: end}
}

// scalar returns the span of a value that begins in a line, whose name is in a column of it. It is to be found in the
// lines below where these are indented more, or where a quote is open.
func scalar(text string, column, start int) Span {
	end := lineEnd(text, start)
	first := strings.TrimRight(withoutComment(text[start:end]), " \t\r,")
	word, _, _ := strings.Cut(first, " ")
	switch {
	case first == "" || blockSign().MatchString(first):
		return block(text, column, end, first != "")
	case first[0] == '"' || first[0] == '\'':
		return quoted(text, start)
	case strings.IndexByte("{[*", first[0]) >= 0 || reference().MatchString(word):
		return Span{}
	}
	return Span{Start: start, End: start + len(first)}
}

// blockSign is what says in YAML that a value is in the lines below.
var blockSign = lazy(`^[|>][0-9+-]*$`)

func withoutComment(line string) string {
	if strings.HasPrefix(line, "#") {
		return ""
	}
	if at := strings.Index(line, " #"); at >= 0 {
		return line[:at]
	}
	return line
}

// quoted returns the span of a value with its quotes, which may be in different lines.
func quoted(text string, start int) Span {
	for i := start + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[start] == '"':
			i++
		case text[i] == text[start]:
			return Span{Start: start, End: i + 1}
		}
	}
	return Span{}
}

// block returns the span of the lines behind an offset that are indented by more than a column. Without the sign of a
// block, what looks like another name, or a list, is no value.
func block(text string, column, at int, signed bool) (s Span) {
	for at < len(text) {
		start := at + 1
		if start >= len(text) {
			return s
		}
		at = lineEnd(text, start)
		line := strings.TrimRight(text[start:at], " \t\r")
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		switch {
		case line == "":
			continue
		case indent <= column, !signed && (keyed().MatchString(line) || strings.IndexByte("-#{[", line[indent]) >= 0):
			return s
		case s.End == 0:
			s.Start = start + indent
		}
		s.End = start + len(line)
	}
	return s
}

func lineStart(text string, at int) int { return strings.LastIndexByte(text[:at], '\n') + 1 }

func lineEnd(text string, at int) int {
	if end := strings.IndexByte(text[at:], '\n'); end >= 0 {
		return at + end
	}
	return len(text)
}
