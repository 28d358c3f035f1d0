package golang

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// A modFile is the part of a go.mod or go.work that the plugin needs. Lines that it does not understand are
// ignored, since Go reports errors in them better.
type modFile struct {
	module   string
	goLine   string        // "1.26", "1.21.0", or ""
	requires []string      // paths of modules
	tools    []string      // import paths of commands
	uses     []string      // folders, of a go.work
	replaced []replacement // by folders
}

// A replacement is a folder in place of a module, or of one of its versions.
type replacement struct {
	module, folder string
}

// parseMod parses the text of a go.mod or go.work.
func parseMod(text string) *modFile {
	m := &modFile{}
	block := ""
	for line := range strings.Lines(text) {
		words := tokens(line)
		switch {
		case len(words) == 0:
		case block != "" && words[0] == ")":
			block = ""
		case block != "":
			m.add(block, words)
		case len(words) == 2 && words[1] == "(":
			block = words[0]
		default:
			m.add(words[0], words[1:])
		}
	}
	return m
}

func (m *modFile) add(verb string, words []string) {
	if len(words) == 0 {
		return
	}
	switch verb {
	case "module":
		m.module = words[0]
	case "go":
		m.goLine = release(words[0])
	case "require":
		m.requires = append(m.requires, words[0])
	case "tool":
		m.tools = append(m.tools, words[0])
	case "use":
		m.uses = append(m.uses, words[0])
	case "replace":
		if to := words[len(words)-1]; isFolder(to) {
			m.replaced = append(m.replaced, replacement{words[0], to})
		}
	}
}

// isFolder reports whether the right side of a replace line is a folder: a relative path with a dot before
// it, or an absolute one, also of Windows.
func isFolder(to string) bool {
	return strings.HasPrefix(to, "./") || strings.HasPrefix(to, "../") || to == "." || to == ".." ||
		strings.HasPrefix(to, "/") || strings.ContainsAny(to, `:\`)
}

// replaces reports whether a folder is in place of a module.
func (m *modFile) replaces(name string) bool {
	return slices.ContainsFunc(m.replaced, func(r replacement) bool { return r.module == name })
}

// tokens splits a line into words, without its comment. "=>" is a word, and "(" is one even right behind
// another.
func tokens(line string) (words []string) {
	if i := strings.Index(line, "//"); i >= 0 {
		line = line[:i]
	}
	line = strings.ReplaceAll(line, "(", " ( ")
	for _, w := range strings.Fields(line) {
		if plain, err := strconv.Unquote(w); err == nil {
			w = plain
		}
		words = append(words, w)
	}
	return words
}

// release returns the numbers of a version: "1.27" for "1.27rc1", as Go prints its own version.
func release(version string) string {
	for i, c := range version {
		if c != '.' && (c < '0' || c > '9') {
			return strings.Trim(version[:i], ".")
		}
	}
	return strings.Trim(version, ".")
}

// command returns the name that Go gives to the program of a main package: the last part of its path that is
// not a major version.
func command(importPath string) string {
	dir, name := path.Split(importPath)
	if v, ok := strings.CutPrefix(name, "v"); ok && dir != "" && isMajor(v) {
		return path.Base(dir)
	}
	return name
}

func isMajor(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil && s != "1" && s[0] != '0' && s[0] != '-' && s[0] != '+'
}
