package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// hiddenByFind is why a failure of what "find -exec" runs is none.
const hiddenByFind = "whose failure find ignores"

// carried adds the commands that a program is given as its arguments or input, and reports whether it is one that is.
func (r *pipelineReader) carried(c recipes.Command) bool {
	switch program := path.Base(c.Words[0]); {
	case program == "find":
		r.found(c)
	case program == "eval":
		r.evaluated(c)
	case program == "parallel":
		r.parallel(c)
	case isShell(program) && program != "." && program != "source":
		return r.input(c)
	default:
		return false
	}
	return true
}

// evaluated adds the commands that eval is given as a text, or of the file whose text it is given: eval "$(cat x)".
func (r *pipelineReader) evaluated(c recipes.Command) {
	text := strings.TrimSpace(strings.Join(c.Words[1:], " "))
	for _, reading := range []string{"$(cat ", "$(<", "`cat "} {
		if name, ok := strings.CutPrefix(text, reading); ok {
			r.scriptFile(c.Dir, strings.TrimSpace(strings.TrimRight(name, ")`")), shellThat(c.Errexit), true, nil)
			return
		}
	}
	r.scriptIn(shellThat(c.Errexit), c.Dir, text)
}

func shellThat(exits bool) recipes.Shell {
	if exits {
		return recipes.Errexit
	}
	return recipes.Plain
}

// found adds the commands that find runs for each file. Its status tells of them only if they are run for many at once.
func (r *pipelineReader) found(c recipes.Command) {
	for words := c.Words; ; {
		at := slices.IndexFunc(words, func(w string) bool { return slices.Contains([]string{"-exec", "-execdir", "-ok", "-okdir"}, w) })
		if at < 0 {
			return
		}
		words = words[at+1:]
		end := slices.IndexFunc(words, func(w string) bool { return w == ";" || w == "+" })
		if end <= 0 {
			return
		}
		from := len(r.out.Calls)
		r.script(c.Dir, sdk.Quote(words[:end]...))
		for i := from; i < len(r.out.Calls) && words[end] == ";"; i++ {
			r.out.Calls[i].Hidden = firstOf(r.out.Calls[i].Hidden, hiddenByFind)
		}
		words = words[end:]
	}
}

// parallel adds the commands that GNU parallel runs, each by a shell: the one in front of the arguments, else the arguments.
func (r *pipelineReader) parallel(c recipes.Command) {
	at, valued := 1, strings.Fields("-j --jobs -P --max-procs --halt -n -N -L -I --colsep -C -d --delimiter -a --arg-file --joblog --tmpdir --results "+
		"--timeout --delay --retries --env -S --sshlogin --load --nice")
	for at < len(c.Words) && strings.HasPrefix(c.Words[at], "-") {
		if slices.Contains(valued, c.Words[at]) {
			at++
		}
		at++
	}
	words := c.Words[min(at, len(c.Words)):]
	end := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, ":::") })
	switch {
	case end < 0:
		r.scriptIn(recipes.Plain, c.Dir, strings.Join(words, " "))
	case end > 0:
		r.scriptIn(recipes.Plain, c.Dir, strings.Join(words[:end], " "))
	default:
		for _, one := range words[1:] {
			r.scriptIn(recipes.Plain, c.Dir, one)
		}
	}
}

// input adds the commands that a shell reads from its input, and reports whether there are any: a script of the project, or
// a text.
func (r *pipelineReader) input(c recipes.Command) bool {
	by := exitsBy(c.Words)
	at := slices.IndexFunc(c.Words, func(w string) bool { return strings.HasPrefix(w, "<") })
	if at > 0 {
		from := append([]string{strings.TrimLeft(c.Words[at], "<")}, c.Words[at+1:]...)
		if from[0] == "" {
			from = from[1:]
		}
		switch {
		case len(from) == 0:
			return false
		case strings.HasPrefix(c.Words[at], "<<<"):
			r.scriptIn(by, c.Dir, from[0])
		default:
			r.scriptFile(c.Dir, from[0], by, true, nil)
		}
		return true
	}
	if len(c.From) < 2 || shellText(c.Words) != "" || scriptOf(c.Words) != "" && !slices.Contains(c.Words, "-s") {
		return false
	}
	switch c.From[0] {
	case "cat":
		r.scriptFile(c.Dir, c.From[1], by, true, nil)
	case "echo", "printf":
		r.scriptIn(by, c.Dir, strings.Join(c.From[1:], " "))
	default:
		return false
	}
	return true
}
