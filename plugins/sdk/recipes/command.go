package recipes

import (
	"path"
	"slices"
	"strings"
)

// A command is one simple command of a script: its words, without quotes, and the folder that it runs in.
type command struct {
	words     []string
	dir       string
	ignored   bool     // its failure is none: "cmd || true"
	hidden    string   // why its failure does not end the script
	condition string   // on which it runs
	after     string   // the operator behind it: ";", "&&"
	grouped   bool     // it is in braces or parentheses
	inner     bool     // it is in a substitution
	process   bool     // its output is a file: "<(cmd)"
	pattern   bool     // it is a pattern of "case", and no command
	errexit   bool     // the shell ends with the first failure
	settled   bool     // its failure ends the whole script, or is noted for its end, wherever it is called
	from      []string // the command whose output it reads
}

// split splits a script into its commands. A folder that "cd" names counts for the commands behind it, up to
// the end of the parentheses that it is in.
func split(script, dir string) (all []command) {
	for _, text := range unrolled(withoutDocuments(strings.ReplaceAll(script, "\\\n", " "))) {
		all = append(all, splitPlain(text, dir)...)
	}
	return all
}

func splitPlain(script, dir string) []command {
	l := &lexer{dir: dir, text: script}
	if strings.Contains(l.text, ">&") || strings.Contains(l.text, "&>") {
		l.text = redirections.Replace(l.text)
	}
	for l.at < len(l.text) {
		l.step()
	}
	l.endCommand()
	return l.commands
}

// redirections removes the redirections whose "&" does not end a command.
var redirections = strings.NewReplacer("2>&1", " ", "1>&2", " ", ">&2", " ", ">&1", " ", "&>", ">")

// special are the characters that mean something to the lexer outside of quotes.
const special = "\\'\"();|&\n` \t\r#"

// step reads a comment, a run of characters that mean nothing, or one that means something.
func (l *lexer) step() {
	rest := l.text[l.at:]
	switch {
	case rest[0] == '#' && l.quote == 0 && !l.open && !l.escaped:
		line, _, _ := strings.Cut(rest, "\n")
		l.at += len(line)
	case l.opensArray(rest):
		l.at += LengthOfParentheses(rest)
	case l.opensTest(rest):
		l.readTest(rest)
	case l.opensSubstitution(rest):
		l.readSubstitution(rest)
	case l.escaped || isSpecial[rest[0]]:
		l.next(rest[0])
		l.at++
	default:
		n := 1
		for n < len(rest) && !isSpecial[rest[n]] {
			n++
		}
		l.word.WriteString(rest[:n])
		l.open = true
		l.at += n
	}
}

// isSpecial has the bytes of special.
var isSpecial = func() (is [256]bool) {
	for i := range len(special) {
		is[special[i]] = true
	}
	return is
}()

// A lexer is the state of split between two characters.
type lexer struct {
	text      string
	at        int // of the next byte
	commands  []command
	inner     []command // those in quotes of the command that is read
	dir       string    // of the next command
	outer     []string  // the folders outside of open parentheses
	braces    int       // that are open
	pushed    []string  // the folders that "popd" returns to
	words     []string
	word      strings.Builder
	last      int  // the index of the last command
	otherwise bool // "||" is before the next command
	pipe      bool // "|" is before the next command
	open      bool // a word has begun, even an empty one
	quote     byte // the quote that is open, or 0
	escaped   bool
}

func (l *lexer) next(c byte) {
	switch {
	case l.escaped:
		l.escaped = false
		l.add(c)
	case c == '\\' && l.quote != '\'':
		l.escaped, l.open = true, true
	case l.quote != 0 && c == l.quote:
		l.quote = 0
	case l.quote != 0:
		l.add(c)
	case c == '\'' || c == '"':
		l.quote, l.open = c, true
	case c == '(' || c == ')' || c == ';' || c == '|' || c == '&' || c == '\n' || c == '`':
		l.endCommand()
		l.operator(c)
		l.parenthesis(c)
		l.otherwise = c == '|' && strings.HasSuffix(l.text[:l.at], "|")
		l.pipe = !l.otherwise && (c == '|' || (c == '&' || c == '\n') && l.pipe)
	case c == ' ' || c == '\t' || c == '\r':
		l.endWord()
	default:
		l.add(c)
	}
}

// operator notes what is behind the last command. The end of a line goes on with "&&", "||" and "|".
func (l *lexer) operator(c byte) {
	if len(l.commands) <= l.last || c == '(' || c == ')' || c == '`' {
		return
	}
	after := &l.commands[l.last].after
	doubled := (c == '|' || c == '&') && strings.HasSuffix(l.text[:l.at], string(c))
	switch joined := strings.ContainsAny(*after, "&|") && *after != "&"; {
	case c == ';' && strings.HasSuffix(l.text[:l.at], ";"):
		*after = endOfBranch
	case *after == endOfBranch:
	case doubled:
		*after = string(c) + string(c)
	case c == '\n' && joined, c == '\n' && *after == "&":
	default:
		*after = string(c)
	}
}

// endOfBranch ends the commands of a pattern of "case".
const endOfBranch = ";;"

// parenthesis keeps the folder outside of parentheses, and returns to it behind them.
func (l *lexer) parenthesis(c byte) {
	last := len(l.outer) - 1
	switch {
	case c == '(':
		l.outer = append(l.outer, l.dir)
	case c == ')' && l.endsPattern():
	case c == ')' && last >= 0:
		l.dir, l.outer = l.outer[last], l.outer[:last]
	}
}

// endsPattern marks the last commands as patterns of "case" if they are: what follows "case x in" or the end of a branch,
// up to a parenthesis. It reports whether there are any.
func (l *lexer) endsPattern() bool {
	first := l.last
	for first > 0 && first < len(l.commands) && l.commands[first-1].after == "|" {
		first--
	}
	if first >= len(l.commands) || first != l.last && isCase(l.commands[first].words) {
		first++
	}
	switch {
	case l.last < len(l.commands) && isCase(l.commands[l.last].words):
		return true
	case first > len(l.commands)-1, first == 0:
		return false
	}
	if before := l.commands[first-1]; before.after != endOfBranch && !isCase(before.words) {
		return false
	}
	for i := first; i < len(l.commands); i++ {
		l.commands[i].pattern = true
	}
	return true
}

// isCase reports whether a command begins a list of patterns: "case $1 in", also with the first of them.
func isCase(words []string) bool {
	return slices.Contains(words, "case") && slices.Contains(words, "in")
}

func (l *lexer) add(c byte) {
	l.word.WriteByte(c)
	l.open = true
}

func (l *lexer) endWord() {
	if l.open {
		l.words = append(l.words, l.word.String())
	}
	l.word.Reset()
	l.open = false
}

func (l *lexer) endCommand() {
	l.endWord()
	words := l.words
	if l.words = nil; len(words) == 0 {
		return
	}
	c := command{words: words, dir: l.dir}
	if plain := c.unwrapped(); len(plain.words) > 0 {
		l.move(plain)
	}
	if known := len(l.commands) > l.last; known && l.otherwise && succeeds(words) {
		l.commands[l.last].ignored = true
	} else if known && l.pipe && slices.Contains(filters, path.Base(words[0])) {
		l.commands[l.last].hidden = hiddenByPipe
	}
	l.brace(words[0])
	c.grouped = len(l.outer) > 0 || l.braces > 0
	c.dir = l.dir // that which cd names is also that of cd
	l.last, l.otherwise, l.pipe = len(l.commands), false, false
	l.commands = append(append(l.commands, c), l.inner...)
	l.inner = nil
}

// brace follows the braces around commands.
func (l *lexer) brace(first string) {
	switch first {
	case "{":
		l.braces++
	case "}":
		l.braces = max(0, l.braces-1)
	}
}

// succeeds reports whether a command behind "||" makes a failure before it none.
func succeeds(words []string) bool {
	return slices.Contains([]string{"true", ":", "exit 0"}, strings.Join(words, " "))
}

// filters are programs that pass on or select lines, and succeed whatever made them.
var filters = []string{"tee", "cat", "head", "tail", "sed", "awk", "grep", "sort", "uniq", "tr", "cut", "ts", "less"}

// move changes the folder as cd, pushd and popd do.
func (l *lexer) move(c command) {
	to, _ := c.argument(1)
	last := len(l.pushed) - 1
	switch program := c.words[0]; {
	case program == "pushd":
		l.pushed = append(l.pushed, l.dir)
		l.dir = within(l.dir, to)
	case program == "popd" && last >= 0:
		l.dir, l.pushed = l.pushed[last], l.pushed[:last]
	case program == "cd" && len(c.words) > 1:
		l.dir = within(l.dir, to)
	}
}

// within returns a folder as seen from another one of the project. One that is not known, or not in the project,
// is "..", in which there is no manifest.
func within(dir, to string) string {
	full := path.Join(dir, to)
	if path.IsAbs(to) || strings.ContainsAny(to, "$~*?`{") || strings.HasPrefix(full, "..") {
		return ".."
	}
	return full
}

// wrappers are words that come before a command: of the shell and of make, and programs that run another one.
var wrappers = []string{"if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "command",
	"shell", "env", "sudo", "nice", "nohup", "cross-env", "timeout", "stdbuf", "setsid", "ionice", "chronic"}

// valuedOptions are options with a value of the wrappers that are programs.
var valuedOptions = map[string][]string{"timeout": {"-k", "-s", "--kill-after", "--signal"}, "nice": {"-n"}, "ionice": {"-c", "-n"},
	"sudo": {"-u", "-g", "-C", "-h", "-p"}, "env": {"-u"}, "stdbuf": {"-i", "-o", "-e"}, "time": {"-f", "-o"}, "setsid": nil}

// unwrapped returns a command without what comes before its program: the signs of make (@, -, +), words of the
// shell, variables, and programs such as env with their options, of which "-C" of env names the folder.
func (c command) unwrapped() command {
	words, before := slices.Clone(c.words), ""
	for len(words) > 0 {
		if rest, dir, ok := optionOf(before, words, c.dir); ok {
			words, c.dir = rest, dir
			continue
		}
		words[0] = strings.TrimLeft(words[0], "@-+")
		if words[0] != "" && !slices.Contains(wrappers, words[0]) && !isAssignment(words[0]) {
			break
		}
		if !isAssignment(words[0]) {
			before = words[0]
		}
		words = words[1:]
	}
	dash := len(c.words) > 0 && strings.HasPrefix(strings.TrimLeft(c.words[0], "@+"), "-")
	return command{words: words, dir: c.dir, ignored: c.ignored || dash, hidden: c.hidden, condition: c.condition}
}

// optionOf takes an option of a program that runs another one, or the time that timeout is given, and returns the folder
// that the command runs in.
func optionOf(program string, words []string, dir string) (rest []string, in string, ok bool) {
	first := words[0]
	switch {
	case program == "env" && len(words) > 1 && (first == "-C" || first == "--chdir"):
		return words[2:], within(dir, words[1]), true
	case program == "env" && strings.HasPrefix(first, "--chdir="):
		return words[1:], within(dir, first[len("--chdir="):]), true
	case program == "timeout" && strings.ContainsAny(first[:min(1, len(first))], "0123456789.") && strings.Trim(first, "0123456789.smhd") == "":
		return words[1:], dir, true
	}
	valued, known := valuedOptions[program]
	switch {
	case !known || !strings.HasPrefix(first, "-"):
		return nil, "", false
	case slices.Contains(valued, first) && len(words) > 2:
		return words[2:], dir, true
	}
	return words[1:], dir, true
}

func isAssignment(word string) bool {
	name, _, ok := strings.Cut(word, "=")
	return ok && !strings.ContainsAny(name, "/.-$")
}

// argument returns the first word behind the program that is no option, and its index; "" if there is none.
func (c command) argument(from int) (string, int) {
	for i := from; i < len(c.words); i++ {
		if !strings.HasPrefix(c.words[i], "-") {
			return c.words[i], i
		}
	}
	return "", len(c.words)
}
