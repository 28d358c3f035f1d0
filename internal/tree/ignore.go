package tree

import (
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A rule is one line of a .gitignore, for projects that have one outside of a git repository: an unpacked
// archive, a copy.
type rule struct {
	glob    string // relative to the root of the project
	negated bool
	folders bool // it holds for folders alone
}

// parseIgnore parses the .gitignore of a folder. As in git, a line that is not a valid glob is skipped.
func parseIgnore(dir, text string) (rules []rule) {
	for line := range strings.Lines(text) {
		if r, ok := parseRule(dir, strings.TrimRight(line, "\r\n")); ok {
			rules = append(rules, r)
		}
	}
	return rules
}

func parseRule(dir, line string) (r rule, ok bool) {
	if !strings.HasSuffix(line, `\ `) {
		line = strings.TrimRight(line, " ")
	}
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	line, r.negated = strings.CutPrefix(line, "!")
	line, r.folders = strings.CutSuffix(line, "/")
	anchored := strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return r, false
	}
	if !anchored {
		line = "**/" + line
	}
	line = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(line) // braces mean nothing to git
	r.glob = path.Join(escape(dir), line)
	return r, globFault(r.glob) == ""
}

// escape returns a glob that matches the name of a folder.
func escape(dir string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "{", `\{`).Replace(dir)
}

// ignored reports whether a file is ignored: the last rule that matches decides.
func ignored(rules []rule, name string, folder bool) bool {
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		if (folder || !r.folders) && doublestar.MatchUnvalidated(r.glob, name) {
			return !r.negated
		}
	}
	return false
}
