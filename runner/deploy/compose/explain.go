package compose

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// relative returns the name of a file in messages.
func (s *source) relative(file string) string { return (&Model{env: s.env}).projectPath(file) }

// errorAt returns an error about a path of the files.
func (s *source) errorAt(path, reason, next string) *FileError {
	file, line := s.locate(path)
	return &FileError{
		File: s.relative(cmp.Or(file, s.files[0])), Line: line, Path: path, Reason: reason, Next: next,
	}
}

// What compose-go says about places: a line now and then, a file most often, and a path in one of three
// spellings.
var (
	atLine     = regexp.MustCompile(`\bat L(\d+)\.C\d+|\bline (\d+)(?:: [^l]|: l[^i]|$)`)
	yamlPrefix = regexp.MustCompile(`^yaml: (?:\w+ errors: )?(?:line \d+: )*`)
	atPath     = regexp.MustCompile(
		`\b(?:services|networks|volumes|configs|secrets|include)(?:\.[\w./-]+|\[[^\]]+\][\w.]*)`)
	atName     = regexp.MustCompile(`\b(service|network|volume|config|secret) "([^"]+)"`)
	unknownKey = regexp.MustCompile(`additional properties '([^']+)'`)
	leading    = regexp.MustCompile(
		`^(?:validating|failed to parse|decoding failed due to the following error\(s\):)\s*(\S+?): `)
	envFile          = regexp.MustCompile(`^env file (.+) not found: `)
	requiredVariable = regexp.MustCompile(`required variable (\w+) is missing a value(?:: (.*))?`)
)

// explain makes one sentence of an error of compose-go, and finds its place.
func (s *source) explain(err error) error {
	if fault := s.explainVariables(err); fault != nil {
		return fault
	}
	text := err.Error()
	e := &FileError{
		File:  s.relative(s.files[0]),
		Next:  "see the reference of Compose files: https://docs.docker.com/reference/compose-file",
		cause: err,
	}
	if m := leading.FindStringSubmatch(text); m != nil && isFile(m[1]) {
		e.File, text = s.relative(m[1]), text[len(m[0]):]
	}
	if m := atLine.FindStringSubmatch(text); m != nil {
		e.Line, _ = strconv.Atoi(m[1] + m[2]) // digits
	} else if path := pathIn(text); path != "" {
		s.setPath(e, path)
	} else {
		s.setQuoted(e, strings.Fields(text))
	}
	e.Reason = strings.TrimPrefix(s.firstSentence(text), e.Path+" ")
	if m := requiredVariable.FindStringSubmatch(text); m != nil {
		e.Reason, e.Next = strings.TrimSuffix(fmt.Sprintf("variable %q must be set: %s", m[1],
			firstLine(m[2])), ": "), "set it in the environment, in .env, or in variables of [environments."+
			s.env.Name+"]"
		s.setRequired(e, m[1])
	}
	if m := envFile.FindStringSubmatch(text); m != nil {
		s.setMissingEnvFile(e, m[1])
	}
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		e.Reason, e.Next = fmt.Sprintf("unknown key %q", m[1]), "keys that are not Compose's begin with x-"
	}
	s.setUnset(e, text)
	return e
}

// setRequired sets the line of the value that needs a variable: compose-go names no more than the list that it is in.
func (s *source) setRequired(e *FileError, variable string) {
	needs := func(value string) bool {
		return strings.Contains(value, "${"+variable+":?") || strings.Contains(value, "${"+variable+"?")
	}
	for _, d := range s.documents() {
		for _, n := range d.find(needs) {
			if e.Path == "" || contains(d.at(e.Path), n) {
				e.File, e.Line = s.relative(d.file), n.Line
				return
			}
		}
	}
}

// setMissingEnvFile makes it an error about an env_file that does not exist.
func (s *source) setMissingEnvFile(e *FileError, file string) {
	e.Reason, e.Next = fmt.Sprintf("env_file %q does not exist",
		s.relative(file)), "write it, or use {path: "+s.relative(file)+", required: false}"
	for _, d := range s.documents() {
		for _, n := range d.named(file) {
			e.File, e.Line = s.relative(d.file), n.Line
			return
		}
	}
}

// setPath sets the path of an error, and its line unless the path is in none of the files.
func (s *source) setPath(e *FileError, path string) {
	file, line := s.locate(path)
	e.Path = path
	if file != "" {
		e.File, e.Line = s.relative(file), line
	}
}

// setQuoted sets the place of a text that an error quotes, if there is only one: that of its last word, or of
// one that is no word.
func (s *source) setQuoted(e *FileError, words []string) {
	for i, word := range slices.Backward(words) {
		if i < len(words)-1 && !strings.ContainsAny(word, "0123456789:[/") {
			continue
		}
		if file, line, ok := s.only(word); ok {
			e.File, e.Line = s.relative(file), line
			return
		}
	}
}

// only returns the place of a text that stands in one place of the files.
func (s *source) only(text string) (file string, line int, ok bool) {
	hits := 0
	for _, d := range s.documents() {
		for _, n := range d.texts(text) {
			file, line = d.file, n.Line
			hits++
		}
	}
	return file, line, hits == 1
}

// pathIn returns the path that a message is about.
func pathIn(text string) string {
	path := strings.TrimRight(atPath.FindString(text), ".")
	path = strings.NewReplacer("[", ".", "]", "").Replace(path)
	if m := atName.FindStringSubmatch(text); path == "" && m != nil {
		path = m[1] + "s." + m[2]
	}
	if m := unknownKey.FindStringSubmatch(text); path != "" && m != nil {
		path += "." + m[1]
	}
	return path
}

// firstSentence returns the first sentence of a message, without the paths of this machine.
func (s *source) firstSentence(text string) string {
	text = yamlPrefix.ReplaceAllString(strings.TrimSuffix(firstLine(text), ": invalid compose project"), "")
	text = strings.ReplaceAll(text, s.env.Dir+"/", "")
	for name, value := range s.known {
		if value != "" && (s.isSecret(name, value) || s.secrets[name] != "") {
			text = strings.ReplaceAll(text, value, "${"+name+"}")
		}
	}
	return text
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
