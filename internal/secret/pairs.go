package secret

import "strings"

var (
	// member is a name or a value of a pair, "name: token" and "value: x", or what ends one.
	member = lazy(`(?i)\b(name|key|id|option|variable|property|header|value|val|secretvalue|defaultvalue)["']?[ \t]*(?:=>|[:=])[ \t]*` +
		`("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,;"'&<>{}]+)|[{}\[\]<>]|\n[ \t]*-|\n[ \t]*\r?\n|\n[ \t]*[\w.-]+:[ \t]*\r?\n`)
	// elements are a pair of XML.
	elements = lazy(`<(?:name|key)>\s*([^<\s]+)\s*</(?:name|key)>\s*<value>\s*([^<]*[^<\s])\s*</value>`)
)

// pairs returns the spans of the values in pairs of a name and a value.
func (n Names) pairs(text string) (all []Span) {
	var name string
	var value Span
	for _, m := range member().FindAllStringSubmatchIndex(text, -1) {
		switch {
		case m[2] < 0:
			name, value = "", Span{}
			continue
		case m[0] > 0 && strings.IndexByte(".-$", text[m[0]-1]) >= 0:
			continue
		case strings.HasSuffix(strings.ToLower(text[m[2]:m[3]]), "val") || strings.HasSuffix(strings.ToLower(text[m[2]:m[3]]), "value"):
			value = lineValue(text, m[2], m[4], m[5])
		default:
			name = strings.Trim(text[m[4]:m[5]], `"'`)
		}
		if s, ok := n.pair(text, name, value); ok {
			all = append(all, s)
			name, value = "", Span{}
		}
	}
	for _, m := range elements().FindAllStringSubmatchIndex(text, -1) {
		if s, ok := n.pair(text, text[m[2]:m[3]], Span{Start: m[4], End: m[5]}); ok {
			all = append(all, s)
		}
	}
	return all
}

// pair returns the span of the value of a pair, if its name is that of a secret.
func (n Names) pair(text, name string, value Span) (Span, bool) {
	if value.End == value.Start || !n.Has(name) && !strings.EqualFold(name, "authorization") {
		return Span{}, false
	}
	s, ok := valueAt(text, value.Start, value.End)
	s.Name = name
	return s, ok
}
