package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// leaving are words in the names of jobs whose scripts check nothing.
var leaving = strings.Fields("deploy release publish")

// fetching are programs of scripts that set up, install, deploy or notify. The words of others say so: "docker push".
var fetching = strings.Fields("apk apt apt-get brew choco curl wget kubectl helm aws gcloud az gh ssh scp rsync")

// decidesItself reports whether a command runs such a script: one that calls no check that is known, and sets nothing up, by
// the names of its folders, its step and its job and by what it calls.
func (j *decisionReader) decidesItself(c Call, inner []Call) bool {
	words := plain(c.Words)
	name := scriptOf(words)
	if len(inner) == 0 || name == "" || !isShell(words[0]) && words[0] != name || slices.Contains(taskRunners, path.Base(name)) {
		return false
	}
	if NameHas(c.In, leaving) || !c.WorksOnCode() || c.Ignored != "" || c.kind() != "" || !stepMayCheck(c.Step) {
		return false
	}
	tests := false
	for folder := range strings.SplitSeq(path.Join(c.Dir, path.Dir(name)), "/") {
		if !MayCheck(folder) && folder != "tools" {
			return false
		}
		tests = tests || KindOfName(folder) != ""
	}
	known := slices.ContainsFunc(inner, func(i Call) bool { return i.kind() != "" || !tests && i.setsUp() })
	return MayCheck(name) && !known && (tests || j.hasVerdict(inner))
}

// setsUp reports whether a command prepares, builds or delivers something, by its program or its verb.
func (c Call) setsUp() bool {
	words := plain(c.Words)
	return slices.Contains(fetching, path.Base(words[0])) || (c.WorksOnCode() || words[0] == "git") && (!MayCheck(words[0]) ||
		!MayCheck(firstArgument(words)) || slices.Contains([]string{"ci", "push", "login"}, firstArgument(words)))
}

// hasVerdict reports whether one of the commands of a script decides whether it succeeds: "exit 1", a comparison, or a test or
// search at its end, or one whose failure ends it. What scripts that it calls decide is theirs.
func (j *decisionReader) hasVerdict(calls []Call) bool {
	decides := true // what exit depends on is no test of arguments, tools and folders
	for i := 0; i < len(calls); i += 1 + calls[i].Inner {
		words := calls[i].Words
		switch words[0] {
		case "exit":
			if len(words) > 1 && words[1] != "0" && decides {
				return true
			}
		case "diff", "cmp":
			return true
		case "grep", "test", "[", "[[":
			decides = !testsArguments(words)
			if decides && (endsScript(calls[i+1+calls[i].Inner:]) || calls[i].Errexit && j.verdict(&calls[i]).Outcome == recipes.Failure) {
				return true
			}
		case "cd", "pushd", "which", "type", "hash", "v": // of "command -v"
			decides = false
		case "echo", "printf", "dirname", "basename", "pwd", "}", "fi", "done", "esac":
		default:
			decides = true
		}
	}
	return false
}

// endsScript reports whether nothing but ends of loops and branches follows a command.
func endsScript(calls []Call) bool {
	return !slices.ContainsFunc(calls, func(c Call) bool { return !slices.Contains([]string{"}", "fi", "done", "esac"}, c.Words[0]) })
}

// stepMayCheck reports whether the name of a step does not say that it checks nothing: "Install tools". One that begins with
// the word for a check is one of what is named behind it: "Check version".
func stepMayCheck(name string) bool {
	first, rest, _ := strings.Cut(strings.ToLower(name), " ")
	asks := slices.Contains([]string{"check", "verify", "validate", "lint", "ensure", "assert"}, first)
	return KindOfName(name) != "" || MayCheck(name) || asks && !slices.ContainsFunc(strings.Fields(rest), func(word string) bool {
		return !MayCheck(word) && !slices.Contains(checkedWords, word)
	})
}

// checkedWords are words for what a step makes or prepares which a step also checks.
var checkedWords = strings.Fields("version commit message generate gen data image images fixture fixtures result results")

// testsArguments reports whether a test is about the arguments of a script, or about variables that it is given: "[ $# -lt 1 ]",
// "[ -z $TOKEN ]".
func testsArguments(words []string) bool {
	for i, w := range words[1:] {
		name := strings.TrimLeft(w, "${")
		given := name != w && name == strings.ToUpper(name) && !strings.HasPrefix(w, "$(")
		if given && (strings.Trim(name[:min(1, len(name))], "#123456789") == "" || words[i] == "-z" || words[i] == "-n") {
			return true
		}
	}
	return false
}
