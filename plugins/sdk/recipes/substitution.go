package recipes

import "strings"

// opensSubstitution reports whether a substitution follows, which belongs to a word: the parentheses of "$(go list ./...)",
// also in double quotes, of "<(sort a)" and of "$((i + 1))", or "`date`".
func (l *lexer) opensSubstitution(rest string) bool {
	before := l.text[:l.at]
	switch {
	case l.quote == '\'' || l.escaped:
		return false
	case rest[0] == '`':
		return strings.Contains(rest[1:], "`")
	}
	return rest[0] == '(' && (strings.HasSuffix(before, "$") || l.quote == 0 && (strings.HasSuffix(before, "<") || strings.HasSuffix(before, ">")))
}

// readSubstitution adds a substitution to the word that it is in, and its commands to those inside of the command.
func (l *lexer) readSubstitution(rest string) {
	n := lengthOfSubstitution(rest)
	from := len(l.inner)
	l.addInner(rest[:n])
	for i := from; i < len(l.inner); i++ {
		l.inner[i].process = l.inner[i].process || strings.HasSuffix(l.text[:l.at], "<") || strings.HasSuffix(l.text[:l.at], ">")
	}
	l.word.WriteString(rest[:n])
	l.open = true
	l.at += n
}

func lengthOfSubstitution(rest string) int {
	if rest[0] == '`' {
		return 2 + strings.IndexByte(rest[1:], '`')
	}
	return LengthOfParentheses(rest)
}

// addInner adds the commands of a substitution. What begins with a name in capitals is a variable of make, and what begins
// with another parenthesis is arithmetic.
func (l *lexer) addInner(text string) {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(text[1:], "`"), ")"))
	if inner != "" && inner[0] != '(' && !(inner[0] >= 'A' && inner[0] <= 'Z') {
		for _, c := range splitPlain(inner, l.dir) {
			c.inner = true
			l.inner = append(l.inner, c)
		}
	}
}

// opensTest reports whether a test of bash follows, in which "(", "|", "&&" and "<" are no signs of the shell:
// "[[ $a =~ ^(b|c)$ && -f d ]]". Arithmetic is one, too: "((i > 1))".
func (l *lexer) opensTest(rest string) bool {
	afterBrackets := len(l.words) > 0 && l.words[len(l.words)-1] == "[["
	return l.quote == 0 && !l.escaped && !l.open && (isArithmetic(rest) || afterBrackets) && lengthOfTest(rest) > 0
}

func isArithmetic(rest string) bool { return strings.HasPrefix(rest, "((") }

// lengthOfTest returns the length of a test of bash behind its first brackets, up to the end of the line; 0 if it has no
// end there.
func lengthOfTest(rest string) int {
	line, _, _ := strings.Cut(rest, "\n")
	end := " ]]"
	if isArithmetic(rest) {
		end = "))"
	}
	if before, _, found := strings.Cut(line, end); found {
		return len(before) + len(end)
	}
	return 0
}

// readTest adds the words of a test, and the commands of its substitutions to those inside of the command. Arithmetic has
// no words.
func (l *lexer) readTest(rest string) {
	test := rest[:lengthOfTest(rest)]
	l.at += len(test)
	if isArithmetic(rest) {
		return
	}
	l.words = append(l.words, strings.Fields(test)...)
	for {
		_, after, found := strings.Cut(test, "$(")
		if !found {
			return
		}
		inner := "(" + after
		n := LengthOfParentheses(inner)
		l.addInner(inner[:n])
		test = inner[n:]
	}
}
