package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// overFiles matches the beginning of a loop over words that are written out.
var overFiles = compiled(`(?m)(?:^|[\s;&({@])for\s+(\w+)\s+in\s+([^;\n$"'` + "`" + `]+)`)

// withFiles returns a script whose loops that run files of the project, which a pattern means, name them:
// "for s in scripts/*.sh; do $s; done".
func (r *pipelineReader) withFiles(dir, text string) string {
	if dir == ".." || !strings.Contains(text, "for ") || !strings.Contains(text, "*") {
		return text
	}
	return overFiles().ReplaceAllStringFunc(text, func(begin string) string {
		m := overFiles().FindStringSubmatch(begin)
		names := r.filesMeant(dir, strings.Fields(m[2]))
		if !strings.Contains(m[2], "*") || len(names) == 0 || len(names) > maxFilesRun || !runsVariable(text, m[1]) {
			return begin
		}
		return strings.TrimSuffix(begin, m[2]) + strings.Join(names, " ")
	})
}

// maxFilesRun is how many files of a loop are read.
const maxFilesRun = 50

// filesMeant returns the names of the files that words mean, as seen from a folder. One that is no pattern means itself.
func (r *pipelineReader) filesMeant(dir string, words []string) (names []string) {
	for _, w := range words {
		if !strings.Contains(w, "*") {
			names = append(names, w)
			continue
		}
		for _, name := range r.matching(path.Join(dir, w)) {
			if name = strings.TrimPrefix(name, path.Clean(dir)+"/"); !strings.Contains(name, "/") {
				name = "./" + name
			}
			names = append(names, name)
		}
	}
	return names
}

// runsVariable reports whether a command of a script runs the file that a variable names.
func runsVariable(text, name string) bool {
	return slices.ContainsFunc(recipes.Commands(".", text), func(c recipes.Command) bool {
		file := c.Words[0]
		if program := path.Base(file); len(c.Words) > 1 && (isShell(program) || isInterpreter(program) || program == "php") {
			file = firstArgument(c.Words)
		}
		return strings.Trim(file, "{}$") == name && strings.HasPrefix(file, "$")
	})
}
