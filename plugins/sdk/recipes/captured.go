package recipes

import (
	"path"
	"slices"
	"strings"
)

// substitutions sets what is known of the commands in substitutions, each of which is behind the command that it is in.
func (j *judge) substitutions(commands []command) {
	var in *command
	at := -1 // of it among those that are not inside of others
	for i := range commands {
		if c := &commands[i]; !c.inner {
			in, at = c, at+1
		} else if in != nil && !c.process && !c.ignored && c.hidden == "" {
			j.capture(c, in, at)
		}
	}
}

// capture sets what a failure of a command means whose output is a part of another one.
func (j *judge) capture(c, in *command, at int) {
	words := in.unwrapped().words
	switch {
	case j.asksFor(in.words):
	case len(words) == 0:
		c.ignored, c.hidden = in.ignored, in.hidden
	case in.after != "|" && !j.failsBehind(at) && slices.Contains(printing, path.Base(words[0])) && !strings.HasPrefix(words[0], "$"):
		c.hidden = hiddenByOutput
	}
}

// failsBehind reports whether an "exit 1" follows a command.
func (j *judge) failsBehind(at int) bool {
	for k := at + 1; k < len(j.commands); k++ {
		words := j.commands[k].unwrapped().words
		if isFailure(j.commands[k]) {
			return true
		}
		if len(words) == 0 || !slices.Contains(succeeding, path.Base(words[0])) {
			return false
		}
	}
	return false
}

// decidesByFile reports whether a command writes a file, itself or by the pipe behind it, that a later one decides by.
func (j *judge) decidesByFile(c *command) bool {
	at := slices.Index(j.commands, c)
	words := c.words
	for at+1 < len(j.commands) && j.commands[at].after == "|" {
		at++
		words = append(slices.Clone(words), j.commands[at].words...)
	}
	file := written(words)
	return file != "" && slices.ContainsFunc(j.commands[at+1:], func(c *command) bool {
		plain := c.unwrapped().words
		return len(plain) > 0 && slices.Contains([]string{"[", "[[", "test", "grep", "jq", "diff", "cmp", "awk"}, plain[0]) &&
			slices.ContainsFunc(plain, func(w string) bool { return strings.Contains(w, file) })
	})
}

// written returns the file that the output of a command goes to, or "".
func written(words []string) (file string) {
	for i, w := range words {
		switch {
		case (w == "tee" || w != "" && strings.Trim(w, ">") == "") && i+1 < len(words):
			file = words[i+1]
		case strings.HasPrefix(w, ">"):
			file = strings.TrimLeft(w, ">")
		}
	}
	if strings.HasPrefix(file, "/dev/") || strings.HasPrefix(file, "-") {
		return ""
	}
	return file
}

// printing are commands that print their arguments, or set variables to them, and succeed.
var printing = []string{"echo", "printf", "export", "local", "readonly", "declare", "typeset", ":", "true"}

// asksFor reports whether the script decides by a variable that is assigned among some words.
func (j *judge) asksFor(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(w, "@-+"), "=")
		return isAssignment(strings.TrimLeft(w, "@-+")) && j.decidesBy(strings.TrimSuffix(name, "+"))
	})
}

// decidesBy reports whether a command other than one that prints reads a variable, or what is printed goes to another one.
func (j *judge) decidesBy(name string) bool {
	return slices.ContainsFunc(j.all, func(c command) bool {
		if !slices.ContainsFunc(c.words, func(w string) bool { return reads(w, name) }) {
			return false
		}
		words := c.unwrapped().words
		return len(words) > 0 && (c.after == "|" || !slices.Contains(printing, path.Base(words[0])))
	})
}

// reads reports whether a text has the value of a variable in it.
func reads(text, name string) bool {
	for _, mark := range []string{"$" + name, "${" + name, "${#" + name} {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, mark)
			if !found {
				break
			}
			if after == "" || !isNameByte(after[0]) || strings.IndexByte("-.:", after[0]) >= 0 {
				return true
			}
			rest = after
		}
	}
	return false
}

// notes reports whether a command only notes a failure for what comes later: in a variable that the script reads, or in a
// file that it names once more.
func (j *judge) notes(c *command) bool {
	words := c.unwrapped().words
	if len(words) == 0 {
		return slices.ContainsFunc(c.words, func(w string) bool {
			name, value, _ := strings.Cut(w, "=")
			name = strings.TrimSuffix(name, "+")
			return isAssignment(w) && reads(strings.Replace(j.whole, value, "", 1), name)
		})
	}
	file := written(words)
	if words[0] == "touch" {
		file = words[len(words)-1]
	}
	return file != "" && file[0] != '/' && strings.Count(j.whole, file) > 1
}
