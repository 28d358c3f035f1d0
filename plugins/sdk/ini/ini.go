// Package ini reads files in the format of Python's configparser.
package ini

import "strings"

// A File has sections of keys, whose values may continue on indented lines: file["tox"]["envlist"].
type File map[string]map[string]string

// Parse parses setup.cfg, tox.ini, pytest.ini and similar files. It ignores faults, since the tools that
// own these files report them.
func Parse(text string) File {
	out := File{}
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

// pair parses "key = value" or "key: value" into the section and returns the key, or "" if the line is
// neither.
func (f File) pair(section, line string) string {
	i := strings.IndexAny(line, "=:")
	if i <= 0 || f[section] == nil {
		return ""
	}
	key := strings.ToLower(strings.TrimSpace(line[:i]))
	f[section][key] = strings.TrimSpace(line[i+1:])
	return key
}

// Has reports whether the file has a section.
func (f File) Has(section string) bool { return f[section] != nil }

// Lines returns the lines of a value, without comments.
func (f File) Lines(section, key string) (out []string) {
	for _, line := range strings.Split(f[section][key], "\n") {
		line, _, _ = strings.Cut(line, " #")
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
