package recipes

import (
	"path"
	"slices"
	"strings"
)

// readScript reads the script of the project that a command runs in a shell, or the text behind "-c", as if its commands
// were in its place. It reports whether there is one.
func (r *Reader) readScript(c command) bool {
	text, name := r.scriptOf(c)
	if text == "" || slices.Contains(r.scripts, name) || len(r.scripts) == maxScripts {
		return false
	}
	if c.dir != "." {
		r.enter(c)
	}
	r.scripts = append(r.scripts, name)
	for _, inner := range split(text, c.dir) {
		r.command(inner)
	}
	r.scripts = r.scripts[:len(r.scripts)-1]
	return true
}

// maxScripts is how deep scripts may call each other, and maxScript how long one is, in bytes, that is read.
const maxScripts, maxScript = 3, 64 << 10

// scriptOf returns the text of the script that a command runs, and its path.
func (r *Reader) scriptOf(c command) (text, name string) {
	program := path.Base(c.words[0])
	shell := slices.Contains(shells, program)
	word, at := c.argument(1)
	switch {
	case shell && at > 1 && strings.HasSuffix(c.words[at-1], "c"):
		return word, word
	case shell || program == "." || program == "source":
		name = word
	case strings.Contains(c.words[0], "/"):
		name = c.words[0]
	}
	if name = within(c.dir, name); name == ".." || name == c.dir {
		return "", ""
	}
	text, ok := r.files.Read(name)
	if !ok || len(text) > maxScript || !shell && !IsShellScript(name, text) {
		return "", ""
	}
	return text, name
}

// shells are the programs that run shell scripts.
var shells = []string{"sh", "bash", "dash", "ksh", "zsh"}

// IsShellScript reports whether a file that is called as a program is a script of a shell.
func IsShellScript(name, text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	if strings.HasPrefix(first, "#!") {
		return slices.ContainsFunc(strings.Fields(first[2:]), func(word string) bool { return slices.Contains(shells, path.Base(word)) })
	}
	return path.Ext(name) == ".sh"
}
