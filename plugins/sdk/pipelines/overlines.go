package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// overLines matches the beginning of a loop over the lines of its input, and endOfLoop the end of one whose input is a file.
var (
	overLines = compiled(`(cat\s+(\S+)\s*\|\s*)?\bwhile\s+(?:IFS=\S*\s+)?read\s+(?:-r\s+)?(\w+)\s*(?:\|\|\s*\[\[?[^\]\n]*\]\]?\s*)?([;\n])`)
	endOfLoop = compiled(`\bdone\s*<\s*(\S+)`)
)

// withLines returns a script whose loops over the lines of a file of the project name them: "while read t; do $t; done < tests".
func (r *pipelineReader) withLines(dir, text string) string {
	if dir == ".." || !strings.Contains(text, "while") || !strings.Contains(text, "read") {
		return text
	}
	for from := 0; ; {
		m := overLines().FindStringSubmatchIndex(text[from:])
		if m == nil {
			return text
		}
		begin := from + m[0]
		from += m[1]
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[begin-m[0]+m[2*i] : begin-m[0]+m[2*i+1]]
		}
		end, file := endOfLoop().FindStringSubmatchIndex(text[from:]), part(2)
		if file == "" && end != nil {
			file = text[from+end[2] : from+end[3]]
		}
		if lines := r.linesOf(dir, strings.Trim(file, `"';`)); len(lines) > 0 {
			loop := "for " + part(3) + " in " + sdk.Quote(lines...) + part(4)
			text = text[:begin] + loop + text[from:]
			from = begin + len(loop)
		}
	}
}

// linesOf returns the lines of a file of the project that are not empty; none if they are many or it is not there.
func (r *pipelineReader) linesOf(dir, name string) (lines []string) {
	file := path.Join(dir, name)
	if name == "" || path.IsAbs(name) || strings.ContainsAny(name, "$`*?<") || strings.HasPrefix(file, "..") {
		return nil
	}
	text, ok := r.files.Read(file)
	if !ok || strings.Count(text, "\n") > maxFilesRun {
		return nil
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines = append(lines, line)
		}
	}
	return lines
}
