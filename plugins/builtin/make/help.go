package make

import (
	"strings"
	"unicode"

	"github.com/davit-dev/davit/plugins/sdk"
)

// maxComment is how many lines of the comment above a target are read.
const maxComment = 40

var helpLine = sdk.LazyRegexp(`^##?\s*@?([A-Za-z0-9][A-Za-z0-9_./-]*)\s*(?::|\s-+)\s+(\S.*)$`)

// addComment records a comment line for the target below it. "## NAME: text" is also recorded for NAME.
func (r *reader) addComment(line string) {
	if m := helpLine().FindStringSubmatch(line); m != nil && strings.HasPrefix(line, "##") {
		if _, ok := r.out.help[m[1]]; !ok {
			r.out.help[m[1]] = commentText(m[2])
		}
	}
	if len(r.comment) < maxComment {
		r.comment = append(r.comment, line)
	}
}

// summary returns the help in the comment lines directly above a target: their first line of prose. A heading
// between lines of "-", "=" or "#" is for a part of the file and not for one target.
func summary(comment []string, name string) string {
	for _, line := range comment {
		if isFrame(line) || strings.HasPrefix(line, "##@") {
			return ""
		}
	}
	if text := helpLines(comment); text != nil {
		comment = text
	}
	for i, line := range comment {
		if m := helpLine().FindStringSubmatch(line); m != nil && !strings.Contains(m[1], "/") {
			if m[1] == name {
				return commentText(m[2])
			}
			if strings.HasPrefix(line, "##") {
				continue // the help of another target
			}
		}
		if text := commentText(line); text != "" && isProse(line) {
			return firstSentence(text, comment[i+1:])
		}
	}
	return ""
}

// firstSentence appends the following lines as long as they begin with a small letter, since a sentence goes
// on there, and returns the first sentence.
func firstSentence(text string, more []string) string {
	joined := false
	for _, line := range more {
		next := commentText(line)
		if next == "" || next[0] < 'a' || next[0] > 'z' || strings.ContainsAny(text[len(text)-1:], ".:;!?") ||
			len(text) > maxSummary || !isProse(line) {
			break
		}
		text, joined = text+" "+next, true
	}
	if end := strings.Index(text, ". "); joined && end >= 0 {
		text = text[:end+1]
	}
	return commentText(text)
}

// helpLines returns the lines that begin with "##", which marks help among other comments.
func helpLines(comment []string) (out []string) {
	for _, line := range comment {
		if strings.HasPrefix(line, "##") && !strings.HasPrefix(line, "###") {
			out = append(out, line)
		}
	}
	return out
}

// isFrame reports whether a comment line is a drawn line, or a heading between drawn lines.
func isFrame(line string) bool {
	body := strings.TrimSpace(strings.TrimLeft(line, "#"))
	if body == "" {
		return len(line) > 3
	}
	return strings.Trim(body, "-=*~_#+ ") == "" || strings.HasPrefix(body, "---") ||
		strings.HasPrefix(body, "===") || strings.HasSuffix(line, "###")
}

// isProse reports whether a line is prose, and not a command that was commented out or a directive for a
// program.
func isProse(line string) bool {
	body := strings.TrimLeft(line, "#")
	for _, sign := range []string{"\t", "!", " vim:", " -*-", " @", " $(", " shellcheck ", " noqa", " nolint",
		" Copyright", " SPDX-"} {
		if strings.HasPrefix(body, sign) {
			return false
		}
	}
	name, _, assigned := strings.Cut(body, "=")
	return !assigned || strings.Contains(strings.TrimSpace(strings.TrimRight(name, ":+? ")), " ")
}

// maxSummary is the length of a help text in bytes. Longer ones are cut.
const maxSummary = 200

// commentText returns the text of a comment in one line, without "#" and without the marks for programs that
// print such help.
func commentText(comment string) string {
	text := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(comment), "#"))
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == unicode.ReplacementChar {
			return ' '
		}
		return c
	}, text)
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, `\#`, "#")), " ")
	if len(text) > maxSummary {
		text = strings.ToValidUTF8(text[:maxSummary], "") + "…"
	}
	return text
}
