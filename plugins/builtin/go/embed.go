package golang

import (
	"go/scanner"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// maxEmbedding is how many files of a module are looked at for //go:embed.
const maxEmbedding = 1000

// importsHead is how much of a file is read to see whether it imports "embed".
const importsHead = 4096

// embeds returns the files and folders that the packages of a module embed. They are looked for where another part of
// the project may make them.
func (r *repo) embeds(m *module) (names []string) {
	if !r.otherStack() {
		return nil
	}
	read := 0
	for _, f := range m.folders {
		for _, file := range f.files {
			if !strings.HasSuffix(file, ".go") || !builtOnLinux(file) {
				continue
			}
			if read++; read > maxEmbedding {
				return sorted(names)
			}
			full := path.Join(f.dir, file)
			if strings.Contains(r.tree.project.Head(full, importsHead), `"embed"`) {
				text, _ := r.tree.project.Read(full)
				names = append(names, embedded(f.dir, text)...)
			}
		}
	}
	return sorted(names)
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// hasOtherStack reports whether a folder that was listed has the manifest or task file of something else than Go.
func (t *tree) hasOtherStack() bool {
	return slices.ContainsFunc(t.folders, func(f *folder) bool {
		return slices.ContainsFunc(append([]string{"project.toml", "Makefile", "justfile", "Taskfile.yml"}, sdk.StackManifests...),
			func(name string) bool { return !strings.HasPrefix(name, "go.") && f.has(name) })
	})
}

// embedded returns what the lines //go:embed of a file name, as seen from the root of the project: "web/dist/" for
// "all:dist/*".
func embedded(dir, text string) (names []string) {
	for _, line := range comments(text) {
		rest, ok := strings.CutPrefix(line, "//go:embed")
		if !ok || strings.TrimLeft(rest, " \t") == rest {
			continue
		}
		for _, pattern := range patterns(rest) {
			name := literal(strings.TrimPrefix(pattern, "all:"))
			if full := path.Join(dir, name); name != "" && !strings.HasPrefix(full, "..") && full != "." && !strings.ContainsAny(full, `\:`) {
				names = append(names, full+name[len(strings.TrimSuffix(name, "/")):])
			}
		}
	}
	return names
}

// comments returns the comments of a file. What looks like one inside of a string is none.
func comments(text string) (all []string) {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text))
	s.Init(file, []byte(text), func(token.Position, string) {}, scanner.ScanComments)
	for {
		switch _, kind, word := s.Scan(); kind {
		case token.EOF:
			return all
		case token.COMMENT:
			all = append(all, word)
		}
	}
}

// patterns splits the patterns of a line, which may be in quotes.
func patterns(line string) (all []string) {
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word := line
		if quoted, err := strconv.QuotedPrefix(line); err == nil {
			word = quoted
		} else if i := strings.IndexAny(line, " \t"); i >= 0 {
			word = line[:i]
		}
		line = line[len(word):]
		if plain, err := strconv.Unquote(word); err == nil {
			word = plain
		}
		all = append(all, word)
	}
	return all
}

// literal returns a pattern, or the folder before its first element that is a glob.
func literal(pattern string) string {
	at := strings.IndexAny(pattern, `*?[\`)
	if at < 0 {
		return pattern
	}
	return pattern[:strings.LastIndex(pattern[:at], "/")+1]
}
