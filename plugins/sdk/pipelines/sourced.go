package pipelines

import (
	"path"
	"strings"
)

// maxSourced is how many files of functions are read for a script.
const maxSourced = 5

// sourced returns a script with the text of the files in it that the shell reads as a part of it: ". ./lib.sh". The script is
// in a folder of its own, or "" if it is no file.
func (r *pipelineReader) sourced(dir, own, script string) string {
	if !strings.Contains(script, "source ") && !strings.Contains(script, ". ") {
		return script
	}
	var out strings.Builder
	count := 0
	for line := range strings.Lines(script) {
		text, ok := r.sourcedFile(dir, own, strings.TrimSpace(line))
		if ok && count < maxSourced {
			count++
			out.WriteString(text + "\n")
			continue
		}
		out.WriteString(line)
	}
	return out.String()
}

// sourcedFile returns the text of the file that a line reads into the shell, if it has functions.
func (r *pipelineReader) sourcedFile(dir, own, line string) (string, bool) {
	name, ok := strings.CutPrefix(line, "source ")
	if !ok {
		name, ok = strings.CutPrefix(line, ". ")
	}
	for _, here := range []string{`$(dirname "$0")`, `$(dirname $0)`, `$(dirname "${BASH_SOURCE[0]}")`, `${0%/*}`, `${BASH_SOURCE%/*}`} {
		name = strings.ReplaceAll(name, here, path.Join("./", own))
	}
	name = strings.Trim(strings.TrimSpace(name), `"'`)
	if !ok || name == "" || path.IsAbs(name) || strings.ContainsAny(name, "$`*? ;&|") {
		return "", false
	}
	file := path.Join(dir, name)
	if strings.HasPrefix(file, "..") {
		return "", false
	}
	text, ok := r.files.Read(file)
	return text, ok && len(text) < maxPipeline && strings.Contains(text, "()")
}
