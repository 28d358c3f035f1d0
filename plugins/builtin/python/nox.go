package python

import (
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// noxSession matches the definition of a session of nox, up to its body.
var noxSession = lazyRegexp(`(?m)^@(?:nox\.)?session\b([^\n]*(?:\n(?:[ )@#].*)?)*?)\ndef (\w+)\(\s*(\w*)[^)]*\)[^:\n]*:`)

// noxTasks returns the sessions of noxfile.py, without running it: their calls of session.run with literal arguments.
// An argument that is computed is unknown.
func (pr *project) noxTasks() (out []*task) {
	text := pr.Head(pr.at("noxfile.py"), maxPipeline)
	if !strings.Contains(text, "session") {
		return nil
	}
	defaults, listed := setupPy{text}.assigned("nox.options.sessions")
	found := noxSession().FindAllStringSubmatchIndex(text, -1)
	for i, at := range found {
		end := len(text)
		if i+1 < len(found) {
			end = found[i+1][0]
		}
		name, options := text[at[4]:at[5]], text[at[2]:at[3]]
		if v, ok := expression(options, "name"); ok && len(literals(v)) > 0 {
			name = literals(v)[0]
		}
		t := &task{runner: "nox", name: name, file: pr.at("noxfile.py"), dir: pr.dir,
			byDefault: !listed && !strings.Contains(options, "default=False") || slices.Contains(literals(defaults), name)}
		t.readNox(ofSession(text[at[6]:at[7]], text[at[1]:end]))
		out = append(out, t)
	}
	return out
}

// ofSession returns the body of a session whose argument has another name as if it were called session.
func ofSession(argument, body string) string {
	if argument == "session" || argument == "" {
		return body
	}
	return regexp.MustCompile(`\b`+regexp.QuoteMeta(argument)+`\.`).ReplaceAllString(body, "session.")
}

// readNox reads the calls in the body of a session.
func (t *task) readNox(body string) {
	for rest := body; ; {
		i := strings.Index(rest, "session.")
		if i < 0 {
			return
		}
		rest = rest[i+len("session."):]
		method := identifier(rest)
		arguments := strings.TrimPrefix(rest[len(method):], "(")
		end := topIndex(arguments, ")")
		if arguments == rest[len(method):] || end < 0 {
			continue
		}
		switch list := splitTop(arguments[:end], ','); method {
		case "run", "run_always":
			t.script += noxCommand(list, body) + "\n"
		case "install":
			t.deps = append(t.deps, pipLines(noxWords(list, body))...)
		}
	}
}

// noxCommand returns the command of a call of session.run, "" if its failure is no failure.
func noxCommand(list []string, body string) string {
	for _, argument := range list {
		if strings.Contains(argument, "success_codes") {
			return ""
		}
	}
	return sdk.Quote(noxWords(list, body)...)
}

// noxWords returns the arguments of a call that have a place. What is computed is "$".
func noxWords(list []string, body string) (out []string) {
	for _, argument := range list {
		argument = strings.TrimSpace(argument)
		name, starred := strings.CutPrefix(argument, "*")
		_, value, named := cutTop(argument, '=')
		switch {
		case argument == "" || strings.HasPrefix(argument, "#") && !strings.Contains(argument, "\n"):
		case named && identifier(argument) != "" && value != "":
		case starred:
			out = append(out, noxStarred(name, body)...)
		case strings.Trim(argument, "\"'") != argument && len(literals(argument)) == 1 && argument[0] != 'f':
			out = append(out, literals(argument)[0])
		default:
			out = append(out, "$")
		}
	}
	return out
}

// noxStarred returns what "*NAME" adds: what is assigned to the name if the user gives no arguments.
func noxStarred(name, body string) []string {
	if strings.HasPrefix(name, "session.posargs") {
		return nil
	}
	value := name
	if identifier(name) == name {
		value = ""
		for _, line := range strings.Split(body, "\n") {
			left, right, ok := strings.Cut(line, "=")
			if left, _, _ = strings.Cut(left, ":"); ok && strings.TrimSpace(left) == name {
				_, after, _ := strings.Cut(body, line)
				value = strings.TrimSpace(right + after)
				break
			}
		}
		value = value[:endOfExpression(value)]
	}
	value = strings.Trim(value, "() ")
	if rest, ok := strings.CutPrefix(value, "session.posargs"); ok {
		if value = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(rest), "or")); value == "" {
			return nil
		}
	}
	if list := literals(value); len(list) > 0 && strings.HasPrefix(value, "[") || strings.HasPrefix(value, `"`) {
		return list
	}
	return []string{"$"}
}

// pipLines returns the arguments of pip as lines of a requirements file: "-r", "x.txt" is "-r x.txt".
func pipLines(words []string) (out []string) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		if slices.Contains([]string{"-r", "-c", "-e", "--requirement", "--constraint", "--editable", "-U",
			"--upgrade-strategy", "--group", "--extra", "--progress-bar", "-i", "--index-url", "--extra-index-url"},
			word) && word != "-U" && i+1 < len(words) {
			i++
			word += " " + words[i]
		}
		out = append(out, word)
	}
	return out
}
