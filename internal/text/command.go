package text

import (
	"strings"
	"unicode"
)

// CI systems find commands in what a job prints:
//
//	::name …::text       GitHub, at the start of a line, after any space
//	##[name …]text       GitHub and Azure, anywhere in a line
//	##vso[name …]text    Azure, anywhere; TeamCity has ##teamcity[ in the same way
//
// (https://github.com/actions/runner, src/Runner.Common/ActionCommand.cs). A backslash after their first
// character makes text of them: `\::`, `#\#[`.

// breakCommands makes text of the commands in a line.
func breakCommands(line string) string {
	line = breakMarks(line, `#\#`)
	if rest := strings.TrimLeftFunc(line, unicode.IsSpace); startsCommand(rest) {
		line = line[:len(line)-len(rest)] + `\` + rest
	}
	return line
}

// breakMarks puts something else in the place of the two signs of each ##[ and ##word[.
func breakMarks(s, instead string) string {
	var b strings.Builder
	for {
		at := strings.Index(s, "##")
		if at < 0 {
			return b.String() + s
		}
		b.WriteString(s[:at])
		if strings.HasPrefix(strings.TrimLeftFunc(s[at+2:], latin), "[") {
			b.WriteString(instead)
			at++
		} else {
			b.WriteByte('#')
		}
		s = s[at+1:]
	}
}

func latin(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

// startsCommand reports whether a line begins with a command, or might with what follows it. "::1" is an
// address.
func startsCommand(line string) bool {
	return len(line) > 2 && line[:2] == "::" && (line[2] == '_' || unicode.IsLetter(rune(line[2])) ||
		strings.Contains(line[2:], "::"))
}
