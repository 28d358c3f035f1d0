package dotenv

import (
	"regexp"
	"strings"
	"unicode"
)

// A Statement is one of a file of variables: the name of a variable and its value, which may have several lines.
type Statement struct {
	// Line is where it begins, from 1.
	Line int
	// Name is empty where what stands before the "=" is none.
	Name string
	text string
	// follows is set where it begins behind the closing quote of a value, in the same line. It has that one's name.
	follows bool
}

// nameOfVariable is one that messages may show: what else stands before a "=" may be a part of a value.
var nameOfVariable = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)

// blanksOfLine are the characters that compose-go skips within a line of a file of variables.
const blanksOfLine = "\t\v\f\r \u0085\u00a0"

// Statements returns the statements of a file of variables, as compose-go reads them.
func Statements(text string) (all []Statement) {
	text = strings.TrimPrefix(text, "\uFEFF")
	line := 1
	for {
		rest := withoutComments(text)
		newLines := strings.Count(text[:len(text)-len(rest)], "\n")
		line += newLines
		if rest == "" {
			return all
		}
		end := endOfStatement(rest)
		one := Statement{Line: line, text: rest[:end]}
		one.Name = one.ownName()
		if len(all) > 0 && newLines == 0 && !strings.HasSuffix(all[len(all)-1].text, "\n") {
			one.follows, one.Name = true, all[len(all)-1].Name
		}
		all = append(all, one)
		line += strings.Count(one.text, "\n")
		text = rest[end:]
	}
}

// withoutComments returns a text from its first statement on.
func withoutComments(text string) string {
	for {
		text = strings.TrimLeftFunc(text, unicode.IsSpace)
		if !strings.HasPrefix(text, "#") {
			return text
		}
		_, text, _ = strings.Cut(text, "\n")
		text = "\n" + text
	}
}

// endOfStatement returns where the statement at the beginning of a text ends: behind its line, or behind the closing
// quote of its value.
func endOfStatement(text string) int {
	endOfLine := strings.IndexByte(text, '\n') + 1
	if endOfLine == 0 {
		endOfLine = len(text)
	}
	_, behind, has := strings.Cut(text[:endOfLine], separatorOf(text[:endOfLine]))
	value := strings.TrimLeft(behind, blanksOfLine)
	if !has || value == "" || value[0] != '"' && value[0] != '\'' {
		return endOfLine
	}
	return closingQuote(text, endOfLine-len(value)) + 1
}

// separatorOf returns what stands between the name and the value of a line.
func separatorOf(line string) string {
	if at := strings.IndexAny(line, "=:"); at >= 0 {
		return line[at : at+1]
	}
	return "="
}

// closingQuote returns where the quote that opens at an offset is closed; the last offset if it is not.
func closingQuote(text string, open int) int {
	for i := open + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[open]:
			return i
		}
	}
	return len(text) - 1
}

// reference is one that has no default, as $NAME and ${NAME}; $$ is none.
var reference = regexp.MustCompile(`\$\$|\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// RefersTo reports whether its text refers to a variable without a default: a name alone in its line asks for its own
// value.
func (s Statement) RefersTo(name string) bool {
	for _, found := range reference.FindAllStringSubmatch(s.text, -1) {
		if found[1]+found[2] == name {
			return true
		}
	}
	return false
}

// ownName returns the name of the variable that it sets, or "".
func (s Statement) ownName() string {
	name, _, _ := strings.Cut(s.text, "=")
	name = strings.TrimSpace(name)
	if fields := strings.Fields(name); len(fields) == 2 && fields[0] == "export" {
		name = fields[1]
	}
	if !strings.Contains(s.text, "=") || !nameOfVariable.MatchString(name) {
		return ""
	}
	return name
}
