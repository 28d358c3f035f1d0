package recipes

import (
	"path"
	"slices"
	"strings"
)

// A Shell says how a script is run, and so which failures of its commands end it.
type Shell int

const (
	// Errexit is "sh -e": each command that fails ends the script.
	Errexit Shell = iota
	// EachLine is a shell for each line, as make and just have it: the last command of a line decides.
	EachLine
	// Plain is "sh -c": the last command of the script decides.
	Plain
)

// Why a failure of a command that runs is hidden.
const (
	hiddenByPipe   = "whose failure the pipe behind it hides"
	hiddenByNext   = "whose failure the commands behind it hide"
	hiddenByLoop   = "whose failure a later round of the loop hides"
	hiddenByGround = "which runs in the background, where its failure is ignored"
	hiddenByTrap   = "whose failure a trap hides"
	hiddenByNot    = "whose failure counts as success"
	hiddenByOutput = "whose output alone is used"
)

// HiddenByPipe reports whether "pipefail" would have a failure be one.
func (c Command) HiddenByPipe() bool { return c.Hidden == hiddenByPipe }

// A judge says of the commands of a script, one after the other, whether their failures end it and whether they run at all.
type judge struct {
	all      []command
	commands []*command // but those of substitutions
	text     string
	whole    string // the script that the text is of, with functions
	shell    Shell
	errexit  bool
	loops    int
	branches []string // the conditions that hold, of the outermost first
	ended    string   // the condition of an earlier "exit 0"
}

// judged sets what is known of the failures of commands. A script that asks for the status of its commands decides by
// itself. What variables are for is seen in the whole script, which has functions too.
func judged(commands []command, text, whole string, shell Shell) []command {
	if decidesSimply(text, shell) {
		for i := range commands {
			commands[i].errexit = shell == Errexit
		}
		return commands
	}
	j := &judge{all: commands, text: text, whole: whole, shell: shell, errexit: shell == Errexit}
	for i := range commands {
		if !commands[i].inner {
			j.commands = append(j.commands, &commands[i])
		}
	}
	for i, c := range j.commands {
		if c.pattern {
			continue
		}
		j.enter(c)
		j.option(c)
		c.errexit = j.errexit
		c.condition = j.condition(i)
		if i > 0 && j.commands[i-1].after == "|" {
			c.from = j.commands[i-1].unwrapped().words
		}
		if c.hidden == hiddenByPipe && j.decidesByFile(c) {
			c.hidden, c.settled = "", true
		} else if !c.ignored && c.hidden == "" {
			j.hide(i)
		}
		j.leave(i)
	}
	j.substitutions(commands)
	return commands
}

// decidesSimply reports whether each failure of a script ends it, and all of its commands run: most are so.
func decidesSimply(text string, shell Shell) bool {
	operators := "&|"
	switch shell {
	case EachLine:
		operators = "&|;"
	case Plain:
		operators = "&|;\n"
	}
	return !strings.ContainsAny(text, operators) && !strings.Contains(text, "$(") && !strings.Contains(text, "`") && !strings.Contains(text, "if ") && !strings.Contains(text, "+e") &&
		!strings.Contains(text, "! ") && !strings.Contains(text, "trap ") && !strings.Contains(text, "while ") && !strings.Contains(text, "until ") && !strings.Contains(text, "case ")
}

// decidesItself reports whether a script looks at the status of its commands, counts failures, or has functions that were
// not read.
func (j *judge) decidesItself() bool {
	return slices.ContainsFunc([]string{"$?", "${?}", "PIPESTATUS", "() {", "(){", "()\n", "trap ", "++))", "++ ))", "+=1", "+= 1"},
		func(s string) bool { return strings.Contains(j.text, s) })
}

// trapped reports whether a script ends with success whatever fails in it: "trap 'exit 0' EXIT".
func (j *judge) trapped() bool {
	return slices.ContainsFunc(j.commands, func(c *command) bool {
		return len(c.words) > 2 && c.words[0] == "trap" && strings.HasSuffix(strings.TrimRight(c.words[1], "; "), "exit 0") &&
			(slices.Contains(c.words[2:], "EXIT") || slices.Contains(c.words[2:], "0"))
	})
}

// waits reports whether a command waits for the status of one in the background: "wait" alone succeeds.
func waits(c *command) bool {
	at := slices.Index(c.words, "wait")
	return at >= 0 && at+1 < len(c.words)
}

// option follows "set -e" and "set +e".
func (j *judge) option(c *command) {
	if strings.TrimLeft(c.words[0], "@-+") != "set" {
		return
	}
	for i, w := range c.words[1:] {
		option := len(w) > 1 && strings.Contains(w, "e") || w == "errexit" && c.words[i] == "-o"
		switch {
		case option && strings.HasPrefix(w, "-") || w == "errexit" && c.words[i] == "-o":
			j.errexit = true
		case option && strings.HasPrefix(w, "+"):
			j.errexit = false
		}
	}
}

// enter follows the words of the shell in front of a command.
func (j *judge) enter(c *command) {
	for i, w := range c.words {
		last := len(j.branches) - 1
		switch {
		case w == "if":
			j.branches = append(j.branches, "")
		case (w == "elif" || w == "else") && last >= 0:
			j.branches[last] = "not " + strings.TrimPrefix(j.branches[last], "not ")
		case w == "case":
			j.branches = append(j.branches, strings.Join(c.words[i:], " "))
			return
		case (w == "fi" || w == "esac") && last >= 0:
			j.branches = j.branches[:last]
		case w == "do":
			j.loops++
		case w == "done" && j.loops > 0:
			j.loops--
		case !slices.Contains(wrappers, strings.TrimLeft(w, "@-+")):
			return
		}
	}
}

// leave takes what a command was as a condition, and what follows an "exit 0".
func (j *judge) leave(i int) {
	c := j.commands[i]
	words, last := c.unwrapped().words, len(j.branches)-1
	switch {
	case last >= 0 && j.branches[last] == "" && strings.Contains(" then fi ", " "+j.first(i+1)+" "):
		j.branches[last] = asked(c)
	case len(words) > 0 && (words[0] == "exit" || words[0] == "return") && (len(words) == 1 || words[1] == "0") && c.condition != "":
		j.ended = negated(c.condition)
	}
	if c.after == "\n" && j.shell == EachLine {
		j.errexit, j.loops, j.branches, j.ended = false, 0, nil, ""
	}
}

// asked returns what a command asks as a condition.
func asked(c *command) string {
	words := c.words
	for len(words) > 1 && slices.Contains([]string{"if", "elif", "then", "else", "do", "{"}, strings.TrimLeft(words[0], "@-+")) {
		words = words[1:]
	}
	if len(words) == 2 && words[0] == "test" {
		words = words[1:]
	}
	return strings.TrimLeft(strings.Join(words, " "), "@-+")
}

func negated(condition string) string {
	if rest, ok := strings.CutPrefix(condition, "not "); ok {
		return rest
	}
	return "not " + condition
}

// first returns the first word of a command, "" behind the last.
func (j *judge) first(i int) string {
	if i >= len(j.commands) {
		return ""
	}
	return strings.TrimLeft(j.commands[i].words[0], "@-+")
}

// condition returns the condition on which a command runs, or "".
func (j *judge) condition(i int) string {
	for _, b := range j.branches {
		if b != "" {
			return b
		}
	}
	if i > 0 && j.commands[i-1].after == "||" && isCondition(j.commands[i-1]) {
		return negated(asked(j.commands[i-1]))
	}
	if i > 0 && j.commands[i-1].after == "&&" && isCondition(j.commands[i-1]) && j.passes(j.end(i)) {
		return asked(j.commands[i-1])
	}
	return j.ended
}

// isCondition reports whether a command only asks whether something holds.
func isCondition(c *command) bool {
	words := c.unwrapped().words
	return len(words) > 0 && slices.Contains([]string{"[", "[[", "test", "command", "which", "type", "hash"}, words[0]) || slices.Contains(c.words, "command")
}

// passes reports whether the script goes on behind a list of commands that fails because its condition does not hold.
func (j *judge) passes(end int) bool {
	return j.commands[end].after == "||" && !j.fails(end+1) || j.commands[end].after != "||" && j.more(end)
}

// end returns the last command of the list of "&&" that a command is in.
func (j *judge) end(i int) int {
	for i+1 < len(j.commands) && j.commands[i].after == "&&" {
		i++
	}
	return i
}

// head returns the first command of the list of "&&" and "||" that a command is in.
func (j *judge) head(i int) int {
	for i > 0 && (j.commands[i-1].after == "&&" || j.commands[i-1].after == "||") {
		i--
	}
	return i
}

// leaves reports whether a command leaves a loop, a function or the script with success: behind it comes what a failure
// leads to, as in "for i in 1 2 3; do cmd && break; done".
func (j *judge) leaves(i int) bool {
	words := j.commands[i].unwrapped().words
	return len(words) > 0 && (words[0] == "break" || (words[0] == "exit" || words[0] == "return") && len(words) > 1 && words[1] == "0")
}

// more reports whether the script has further commands that decide behind one: not those of another branch.
func (j *judge) more(i int) bool {
	other, said := 0, false
	for k := i + 1; k < len(j.commands); k++ {
		if j.shell == EachLine && j.commands[k-1].after == "\n" {
			return said
		}
		if j.commands[k-1].after == endOfBranch {
			k = j.endOfCase(k)
		}
		if k >= len(j.commands) {
			return said
		}
		c, first := j.commands[k], j.first(k)
		switch {
		case other == 0 && (first == "else" || first == "elif"):
			other = 1
		case other > 0 && first == "if":
			other++
		case other > 0 && first == "fi":
			other--
		case other > 0, c.pattern, slices.Contains([]string{"fi", "done", "esac", "}"}, first):
		case keepsStatus(c), isFailure(c):
			return false
		case len(c.unwrapped().words) > 0 && slices.Contains(succeeding, path.Base(c.unwrapped().words[0])) && c.after != "&&" && c.after != "||":
			said = true // an "exit 1" may follow
		case len(c.unwrapped().words) > 0:
			return true
		}
	}
	return said
}

// isFailure reports whether a command ends a script with a failure, or with a status of its own.
func isFailure(c *command) bool {
	words := c.unwrapped().words
	return len(words) > 1 && (words[0] == "exit" || words[0] == "return") && words[1] != "0" || len(words) == 1 && words[0] == "false"
}

// endOfCase returns the index of the "esac" that ends the list of patterns which a command is in.
func (j *judge) endOfCase(k int) int {
	for depth := 0; k < len(j.commands); k++ {
		switch {
		case j.first(k) == "case":
			depth++
		case j.first(k) == "esac" && depth == 0:
			return k
		case j.first(k) == "esac":
			depth--
		}
	}
	return k
}

// keepsStatus reports whether a command ends a script with the status of the one before it: "exit" alone.
func keepsStatus(c *command) bool {
	words := c.unwrapped().words
	return len(words) == 1 && words[0] == "exit"
}

// failing are commands that end a script with a failure, or fail.
var failing = []string{"exit", "return", "false", "kill", "die", "fail", "error", "abort", "err", "fatal"}

// succeeding are commands that only say something.
var succeeding = []string{"echo", "printf", ":", "true", "cat", "touch", "logger", "rm", "mkdir", "cd"}

// fails reports whether what is behind "||" fails, or decides by itself.
func (j *judge) fails(from int) bool {
	for k := from; k < len(j.commands); k++ {
		words := j.commands[k].unwrapped().words
		switch {
		case j.notes(j.commands[k]):
			return true
		case len(words) == 0:
		case slices.Contains(failing, words[0]):
			return len(words) < 2 || words[1] != "0"
		case !slices.Contains(succeeding, path.Base(words[0])):
			return k == from // it is what runs in place of the other one
		}
		if after := j.commands[k].after; after == "\n" || after == ";" && !j.commands[k].grouped {
			break
		}
	}
	return false
}

// hide sets why a failure of a command does not end the script, if it does not.
func (j *judge) hide(i int) {
	c, end := j.commands[i], j.end(i)
	first := j.first(j.head(i))
	switch after := j.commands[end].after; {
	case j.trapped():
		c.hidden = hiddenByTrap
	case j.first(i) == "!":
		c.hidden = hiddenByNot
	case j.decidesItself():
		c.settled = true
	case slices.Contains([]string{"if", "elif", "while", "until"}, first):
		c.ignored = !slices.ContainsFunc(j.commands[i:], func(c *command) bool {
			words := c.unwrapped().words
			return len(words) > 0 && slices.Contains(failing, words[0]) || j.notes(c)
		})
		c.settled = !c.ignored
	case after == "||":
		c.ignored = !j.fails(end + 1)
		c.settled = !c.ignored && !slices.Contains([]string{"return", "false", "{", "("}, j.first(end+1))
	case after == "|", j.leaves(end) && end > i, j.decidesByFile(c):
		c.settled = after != "|"
	case c.after == "&":
		if !slices.ContainsFunc(j.commands[i:], waits) {
			c.hidden = hiddenByGround
		}
	case j.errexit && end == i, !j.errexit && j.loops == 0 && !j.more(end), j.errexit && !j.more(end):
	case j.loops > 0 && !j.more(end):
		c.hidden = hiddenByLoop
	default:
		c.hidden = hiddenByNext
	}
}
