package recipes

import (
	"slices"
	"strings"
)

// An Outcome is the result of a command by which the script that it is in fails.
type Outcome int

const (
	Neither Outcome = iota
	Failure         // "diff a b"
	Success         // of grep in "if grep x y; then exit 1; fi", and in "! grep x y"
)

func (o Outcome) opposite() Outcome {
	switch o {
	case Failure:
		return Success
	case Success:
		return Failure
	}
	return Neither
}

// A Verdict is what a command of a script means for its success.
type Verdict struct {
	Outcome
	// Sources are the commands, as words, whose output it works on: those of its substitutions, in front of its pipe, and
	// those that variables and files of the script come from.
	Sources [][]string
}

// Verdicts returns the verdicts of the commands of a script, in the order of CommandsOf.
func Verdicts(shell Shell, script string) (all []Verdict) {
	commands, uncalled := judgedBy(shell, script, ".")
	o := &outcomes{judge: judge{whole: script, shell: shell}, inner: map[int][]*command{}}
	for i := range commands {
		switch c := &commands[i]; {
		case c.pattern:
		case c.inner && len(o.commands) > 0:
			o.inner[len(o.commands)-1] = append(o.inner[len(o.commands)-1], c)
		case !c.inner:
			o.commands = append(o.commands, c)
		}
	}
	at := -1
	for i := range commands {
		c := &commands[i]
		if !c.inner && !c.pattern {
			at++
		}
		if v := (Verdict{}); c.isCommand(c.unwrapped().words) {
			if !c.inner {
				v = Verdict{o.of(at), o.sources(at, 0)}
			}
			all = append(all, v)
		}
	}
	for _, c := range uncalled {
		if c.isCommand(c.unwrapped().words) {
			all = append(all, Verdict{})
		}
	}
	return all
}

// outcomes are the commands of a script, and those in the substitutions of each.
type outcomes struct {
	judge
	inner map[int][]*command
	depth int // of the variables that are followed
}

// leading returns the words of the shell in front of a command.
func leading(c *command) []string {
	n := 0
	for n < len(c.words) && (slices.Contains(wrappers, strings.TrimLeft(c.words[n], "@-+")) || isAssignment(c.words[n])) {
		n++
	}
	words := slices.Clone(c.words[:n])
	for i, w := range words {
		words[i] = strings.TrimLeft(w, "@+")
	}
	return words
}

// of returns the outcome by which a command decides.
func (o *outcomes) of(k int) Outcome {
	c := o.commands[k]
	first := k // of the pipe
	for first > 0 && o.commands[first-1].after == "|" {
		first--
	}
	if c.after == "|" || c.after == "&" || c.hidden == hiddenByTrap || strings.HasPrefix(strings.TrimLeft(c.words[0], "@+"), "-") {
		return Neither
	}
	negated := slices.Contains(leading(o.commands[first]), "!") != (first != k && slices.Contains(leading(c), "!"))
	head := leading(o.commands[o.head(first)])
	is := Failure
	if negated {
		is = Success
	}
	switch {
	case isCase(c.words):
		return o.ofCase(k)
	case slices.Contains(head, "while"), slices.Contains(head, "until"):
		return Neither
	case slices.Contains(head, "if"), slices.Contains(head, "elif"):
		is = o.inBranches(k)
		if negated {
			is = is.opposite()
		}
		return is
	}
	return o.inList(k, is, negated)
}

// inList returns the outcome by which a command of a list of "&&" and "||" decides. Its failure is the outcome given.
func (o *outcomes) inList(k int, failure Outcome, negated bool) Outcome {
	last := k
	for last+1 < len(o.commands) && (o.commands[last].after == "&&" || o.commands[last].after == "|") {
		if last++; o.commands[last-1].after == "&&" && o.exits(last) {
			return failure.opposite()
		}
	}
	switch {
	case o.commands[last].after == "||" && last+1 < len(o.commands) && o.exits(last+1):
		return failure
	case o.commands[last].after == "||":
		return Neither
	case o.isLast(last) && (last == k || !isCondition(o.commands[k])):
		return failure
	case last == k && !negated && o.commands[k].errexit:
		return failure
	}
	return Neither
}

// exits reports whether a command that follows another one, or the group that it begins, ends the script with a failure or
// notes one.
func (o *outcomes) exits(from int) bool {
	group := o.commands[from].grouped && !o.commands[from-1].grouped
	for k := from; k < len(o.commands); k++ {
		c := o.commands[k]
		words := c.unwrapped().words
		switch {
		case o.notesFailure(c), len(words) > 0 && slices.Contains(failing, words[0]) && (len(words) < 2 || words[1] != "0"):
			return true
		case !group || !c.grouped || len(words) > 0 && words[0] == "exit":
			return false
		}
	}
	return false
}

// isLast reports whether nothing but ends of branches and groups is behind a command, in its line if each has a shell.
func (o *outcomes) isLast(k int) bool {
	for ; k+1 < len(o.commands); k++ {
		if o.shell == EachLine && o.commands[k].after == "\n" {
			return true
		}
		if words := o.commands[k+1].words; len(words) > 1 || !slices.Contains([]string{"fi", "}", "esac"}, words[0]) {
			return false
		}
	}
	return true
}

// inBranches returns the outcome by which the condition decides that a command is in: that for which the branch fails.
func (o *outcomes) inBranches(k int) Outcome {
	depth, otherwise, branch, grouped := 0, false, false, o.commands[k].grouped
	for k++; k < len(o.commands); k++ {
		words := leading(o.commands[k])
		switch first := o.first(k); {
		case depth == 0 && (first == "fi" || first == "elif"):
			return Neither
		case first == "fi":
			depth--
		}
		branch = branch || slices.Contains(words, "then")
		otherwise = otherwise || depth == 0 && slices.Contains(words, "else")
		if slices.Contains(words, "if") {
			depth++
		}
		switch c := o.commands[k]; {
		case depth > 0 || !branch || !isFailure(c) && !o.isFailing(c) || o.isOptional(k, grouped):
		case otherwise:
			return Failure
		default:
			return Success
		}
	}
	return Neither
}

// ofCase returns the outcome of a text that is compared with patterns: a failure if that is what one of them leads to.
func (o *outcomes) ofCase(k int) Outcome {
	depth := 0
	for ; k < len(o.commands); k++ {
		c := o.commands[k]
		if isCase(c.words) {
			depth++
		}
		switch {
		case slices.Contains(c.words, "esac"):
			if depth--; depth == 0 {
				return Neither
			}
		case !c.pattern && (isFailure(c) || o.isFailing(c)):
			return Failure
		}
	}
	return Neither
}

// isOptional reports whether a command of a branch depends on the one before it.
func (o *outcomes) isOptional(k int, grouped bool) bool {
	before := o.commands[k-1]
	words := before.unwrapped().words
	says := len(words) > 0 && slices.Contains(succeeding, words[0])
	return o.commands[k].grouped && !grouped || before.after == "||" || before.after == "&&" && !says
}

// isFailing reports whether a command notes a failure, or calls a function that ends the script: "die no licence".
func (o *outcomes) isFailing(c *command) bool {
	words := c.unwrapped().words
	return o.notesFailure(c) || len(words) > 0 && slices.Contains(failing[3:], words[0])
}

// notesFailure reports whether a command sets a variable to what says a failure, by which the script decides.
func (o *outcomes) notesFailure(c *command) bool {
	name := setBy(c.words)
	if name == "" || len(c.unwrapped().words) > 0 {
		return false
	}
	_, value, _ := strings.Cut(c.words[len(c.words)-1], "=")
	if slices.Contains([]string{"", "0", "false", "[]"}, value) {
		return false
	}
	if strings.Contains(o.whole, "(("+name) || strings.Contains(o.whole, "(( "+name) {
		return true
	}
	o.depth++
	defer func() { o.depth-- }()
	for k, c := range o.commands {
		words := c.unwrapped().words
		if len(words) < 2 || o.depth > 2 || !slices.ContainsFunc(words, func(w string) bool { return reads(w, name) }) {
			continue
		}
		if words[0] == "exit" || words[0] == "return" || isCondition(c) && o.of(k) != Neither {
			return true
		}
	}
	return false
}

// sources returns the commands whose output a command works on.
func (o *outcomes) sources(k, depth int) (all [][]string) {
	words := o.commands[k].words
	all = wordsOf(o.inner[k])
	if k > 0 && depth > 0 && o.commands[k-1].after == "||" { // "cmd || failed=1"
		all = append(all, o.commands[k-1].unwrapped().words)
	}
	for from := k; from > 0 && o.commands[from-1].after == "|"; {
		from--
		all = append(append(all, o.commands[from].unwrapped().words), wordsOf(o.inner[from])...)
		words = append(slices.Clone(words), o.commands[from].words...)
	}
	for _, c := range o.inner[k] {
		words = append(slices.Clone(words), c.words...)
	}
	for i := k - 1; i >= 0 && depth < 3; i-- {
		c := o.commands[i]
		name, file := setBy(c.words), written(c.words)
		if name != "" && slices.ContainsFunc(words, func(w string) bool { return reads(w, name) }) {
			all = append(all, o.sources(i, depth+1)...)
		} else if file != "" && slices.ContainsFunc(words, func(w string) bool { return strings.TrimLeft(w, "<") == file }) {
			all = append(append(all, c.unwrapped().words), o.sources(i, depth+1)...)
		}
	}
	return slices.DeleteFunc(all, func(words []string) bool { return len(words) == 0 })
}

// setBy returns the name of the variable that a command sets, or "".
func setBy(words []string) string {
	for _, w := range words {
		if w = strings.TrimLeft(w, "@-+"); isAssignment(w) {
			name, _, _ := strings.Cut(w, "=")
			return strings.TrimSuffix(name, "+")
		}
	}
	return ""
}

func wordsOf(commands []*command) (all [][]string) {
	for _, c := range commands {
		all = append(all, c.unwrapped().words)
	}
	return all
}
