package plan

import "strings"

// Parse returns what a line says about a version that would be moved; false if it has another form.
func (o *Outdated) Parse(line string) (name, current, newest string, ok bool) {
	found := map[string]string{}
	form := o.Line
	for first := true; form != ""; first = false {
		literal, rest, placed := strings.Cut(form, "{")
		at := strings.Index(line, literal)
		if at < 0 || !first && at > 0 {
			return "", "", "", false
		}
		line = line[at+len(literal):]
		if !placed {
			break
		}
		key, behind, _ := strings.Cut(rest, "}")
		next, _, _ := strings.Cut(behind, "{")
		value := upTo(line, next)
		if value == "" || strings.ContainsAny(value, " \t") {
			return "", "", "", false
		}
		found[key], line, form = value, line[len(value):], behind
	}
	return found["name"], found["current"], found["newest"], true
}

// upTo returns the shortest text that is not empty and ends before a literal or, without one, before a space.
func upTo(line, literal string) string {
	if literal == "" {
		if fields := strings.Fields(line); len(fields) > 0 && strings.HasPrefix(line, fields[0]) {
			return fields[0]
		}
		return ""
	}
	if line == "" {
		return ""
	}
	if end := strings.Index(line[1:], literal); end >= 0 {
		return line[:end+1]
	}
	return ""
}
