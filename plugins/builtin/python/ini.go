package main

import "strings"

// ini is a file as Python's configparser reads it: sections of keys, whose values may go on over indented lines.
type ini map[string]map[string]string

// parseINI reads setup.cfg, tox.ini, pytest.ini and their like. What is no key in a section is left out: the tools that own
// these files complain well enough.
func parseINI(text string) ini {
	out := ini{}
	section, key := "", ""
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimRight(line, " \t\r")
		body := strings.TrimSpace(line)
		switch {
		case body == "" || body[0] == '#' || body[0] == ';':
		case line[0] == ' ' || line[0] == '\t':
			if key != "" {
				out[section][key] += "\n" + body
			}
		case line[0] == '[' && strings.Contains(line, "]"):
			section, key = line[1:strings.Index(line, "]")], ""
			if out[section] == nil {
				out[section] = map[string]string{}
			}
		default:
			key = out.pair(section, line)
		}
	}
	return out
}

// pair reads "key = value" or "key: value" into the section and returns the key, "" if it is none.
func (f ini) pair(section, line string) string {
	i := strings.IndexAny(line, "=:")
	if i <= 0 || f[section] == nil {
		return ""
	}
	key := strings.ToLower(strings.TrimSpace(line[:i]))
	f[section][key] = strings.TrimSpace(line[i+1:])
	return key
}

// has tells whether there is such a section.
func (f ini) has(section string) bool { return f[section] != nil }

// lines are the lines of a value, without comments behind them.
func (f ini) lines(section, key string) (out []string) {
	for _, line := range strings.Split(f[section][key], "\n") {
		line, _, _ = strings.Cut(line, " #")
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
