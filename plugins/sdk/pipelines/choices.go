package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// choicesOf returns the choices of variables of a job of GitLab that runs once for each: "parallel: {matrix: [{MODE: [a, b]}]}".
// Variables that name the image decide where the job runs, and are none. A job without choices has one that is empty.
func choicesOf(job *yaml.Node) (all [][]string) {
	image := job.Get("image").Text() + job.Get("image").Get("name").Text()
	for _, item := range job.Get("parallel").Get("matrix").Items() {
		some := [][]string{nil}
		for _, v := range item.Entries() {
			if !strings.Contains(image, "$"+v.Key) && !strings.Contains(image, "${"+v.Key+"}") {
				some = withEach(some, v)
			}
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return [][]string{nil}
	}
	return all[:min(len(all), maxVariants)]
}

// withEach returns choices with each value of one more variable.
func withEach(choices [][]string, v *yaml.Node) (all [][]string) {
	for _, choice := range choices {
		for _, value := range v.List() {
			if len(all) < maxVariants {
				all = append(all, append(slices.Clone(choice), v.Key+"="+value))
			}
		}
	}
	return all
}

// outcomes returns the texts that an expression which chooses between them may have: "-race" and "" of
// "matrix.race && '-race' || ”".
func outcomes(inner string) []string {
	_, chosen, ok := strings.Cut(inner, "&&")
	if !ok || strings.Contains(chosen, "&&") {
		return nil
	}
	var all []string
	for text := range strings.SplitSeq(chosen, "||") {
		text = strings.TrimSpace(text)
		if len(text) < 2 || text[0] != '\'' || strings.IndexByte(text[1:], '\'') != len(text)-2 {
			return nil
		}
		all = append(all, text[1:len(text)-1])
	}
	if len(all) == 1 {
		all = append(all, "")
	}
	return all
}

// withoutOperators returns a script whose expressions that are not known have no signs of the shell in them.
func withoutOperators(script string) string {
	if !strings.Contains(script, "${{") {
		return script
	}
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(script, "${{")
		out.WriteString(before)
		inner, after, closed := strings.Cut(rest, "}}")
		if !ok || !closed {
			out.WriteString(script[len(before):])
			return out.String()
		}
		if strings.ContainsAny(inner, "&|<>()'\";") {
			inner = "…"
		}
		out.WriteString("${{" + inner + "}}")
		script = after
	}
}

// writtenToEnv returns the variables that a step sets for the steps behind it: "echo GOFLAGS=-race >> $GITHUB_ENV".
func writtenToEnv(script string) (set []string) {
	if !strings.Contains(script, "GITHUB_ENV") {
		return nil
	}
	commands := recipes.Commands(".", script)
	all := slices.ContainsFunc(commands, func(c recipes.Command) bool {
		return slices.Contains([]string{"}", "tee"}, path.Base(c.Words[0])) && writesEnv(c)
	})
	for _, c := range commands {
		if slices.Contains([]string{"echo", "printf"}, c.Words[0]) && (all || writesEnv(c)) {
			set = append(set, assignedBy(c.Words[1:])...)
		}
	}
	return append(set, documentOfEnv(script)...)
}

func writesEnv(c recipes.Command) bool {
	return slices.ContainsFunc(c.Words, func(w string) bool { return strings.Contains(w, "GITHUB_ENV") })
}

// assignedBy returns the variable that the arguments of echo or printf set: its value is all that follows.
func assignedBy(words []string) []string {
	for i, w := range words {
		if name, _, ok := strings.Cut(w, "="); ok && isKey(name) {
			end := slices.IndexFunc(words[i:], func(w string) bool { return strings.HasPrefix(w, ">") })
			if end < 0 {
				end = len(words) - i
			}
			return []string{strings.TrimSuffix(strings.Join(words[i:i+end], " "), `\n`)}
		}
	}
	return nil
}

// documentOfEnv returns the variables of a here-document: "cat >> $GITHUB_ENV <<EOF".
func documentOfEnv(script string) (set []string) {
	in := false
	for line := range strings.SplitSeq(script, "\n") {
		name, _, ok := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case strings.Contains(line, "<<"):
			in = strings.Contains(line, "GITHUB_ENV")
		case in && ok && isKey(name):
			set = append(set, strings.TrimSpace(line))
		default:
			in = false
		}
	}
	return set
}

// UnknownExpression returns the first word of a command that is an expression whose value only the service knows, and that
// may be options; "" if there is none. Those of folders, of secrets and of what is checked out are none.
func (c Call) UnknownExpression() string {
	for i, w := range c.Words {
		inner, is := strings.CutPrefix(w, "${{")
		if inner == "" && i+1 < len(c.Words) {
			inner = c.Words[i+1]
		}
		if is && isOfTheService(inner) {
			return "${{ " + strings.TrimSuffix(inner, "}}") + " }}"
		}
	}
	return ""
}

// isOfTheService reports whether an expression has a value that only the service knows: those of folders, of secrets and of
// what is checked out decide nothing.
func isOfTheService(inner string) bool {
	context, _, _ := strings.Cut(inner, ".")
	return !slices.Contains([]string{"github", "runner", "secrets", "job"}, strings.TrimSpace(context))
}

// IsUnknown reports whether the value of a variable begins with such an expression.
func IsUnknown(value string) bool {
	inner, is := strings.CutPrefix(value, "${{")
	return is && isOfTheService(inner)
}
