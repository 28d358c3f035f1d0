package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

var (
	// sourcesFile matches a command by which a shell reads a file as a part of the script: ". ./ci.env".
	sourcesFile = compiled(`(^|[;&|({\n]|\b(?:then|do|else)\s)([ \t]*)(?:\.|source)[ \t]+["']?([\w./-]+)`)
	// printsFile matches the text of a file among the words of a command that sets variables: "export $(cat ci.env)".
	printsFile = compiled(`\b(export|env)[ \t]+["']?\$\((?:cat[ \t]+|grep[^()|]*[ \t]|<[ \t]*)([\w./-]+)[^()]*\)["']?`)
)

// withFileVariables returns a script with the variables that it takes from files of the project for the commands behind.
func (r *pipelineReader) withFileVariables(dir, text string) string {
	if dir == ".." {
		return text
	}
	if strings.Contains(text, "$(cat ") || strings.Contains(text, "$(grep ") || strings.Contains(text, "$(<") {
		text = printsFile().ReplaceAllStringFunc(text, func(found string) string {
			m := printsFile().FindStringSubmatch(found)
			if set := r.variablesOf(dir, m[2], true); len(set) > 0 {
				return m[1] + " " + sdk.Quote(set...)
			}
			return found
		})
	}
	if !strings.Contains(text, "source ") && !hasDotCommand(text) { // an expression is slow in a plugin
		return text
	}
	all := strings.Contains(text, "set -a") || strings.Contains(text, "allexport")
	return sourcesFile().ReplaceAllStringFunc(text, func(found string) string {
		m := sourcesFile().FindStringSubmatch(found)
		if set := r.variablesOf(dir, m[3], all); len(set) > 0 {
			return m[1] + m[2] + "export " + sdk.Quote(set...) + " && " + found[len(m[1])+len(m[2]):]
		}
		return found
	})
}

// hasDotCommand reports whether a dot may be a command of a script, and not a folder as in "ruff check . && x".
func hasDotCommand(text string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], ". ")
		if at < 0 {
			return false
		}
		from += at + len(". ")
		before := strings.TrimRight(text[:from-len(". ")], " \t")
		if before == "" || strings.ContainsAny(before[len(before)-1:], ";&|({\n") || strings.HasSuffix(before, "then") || strings.HasSuffix(before, "do") ||
			strings.HasSuffix(before, "else") {
			return true
		}
	}
}

// variablesOf returns the variables that a file of the project exports, or all that it sets. Files named ".env" are those of
// a person.
func (r *pipelineReader) variablesOf(dir, name string, all bool) (set []string) {
	file := path.Join(dir, name)
	if path.IsAbs(name) || strings.HasPrefix(file, "..") || strings.HasPrefix(path.Base(name), ".env") {
		return nil
	}
	text, ok := r.files.Read(file)
	if !ok || len(text) >= maxPipeline {
		return nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !ok || !isKey(name) || strings.ContainsAny(value, "$`") || !all && !strings.HasPrefix(line, "export ") {
			continue
		}
		for _, c := range recipes.Commands(".", "export "+name+"="+value)[:1] {
			set = append(set, exportedBy(c.Words)...)
		}
	}
	return set
}
