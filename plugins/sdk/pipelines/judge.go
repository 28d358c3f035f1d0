package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// Judge sets which calls decide by themselves whether the pipeline succeeds, with no tool that is known: "! grep -r TODO src",
// `python -c "import a"`. It returns the scripts of a shell of the project that do so as a whole, whose commands were read.
func (p *Pipeline) Judge() (scripts []Unread) {
	j := &decisionReader{known: map[string][]recipes.Verdict{}}
	j.judge(p.Calls, false)
	return j.scripts
}

// A decisionReader is the state of Judge.
type decisionReader struct {
	known   map[string][]recipes.Verdict // of scripts, by how they are run and their texts
	scripts []Unread
}

// judge judges commands, which may be those of a script.
func (j *decisionReader) judge(calls []Call, script bool) {
	for i := 0; i < len(calls); i++ {
		c := &calls[i]
		inner := calls[i+1 : i+1+c.Inner]
		i += c.Inner
		one := Unread{c.Plain(), c.File, decides}
		switch {
		case j.decidesItself(*c, inner):
			if !slices.Contains(j.scripts, one) {
				j.scripts = append(j.scripts, one)
			}
		case len(inner) > 0 && !c.preparesOnly():
			j.judge(inner, script || c.isScript())
			c.takeDecisions(inner)
		case len(inner) == 0 && !(script && testsFile(plain(c.Words))): // what a script needs
			j.decide(c)
		}
	}
}

// isScript reports whether a command runs a script of a shell by its name.
func (c Call) isScript() bool {
	words := plain(c.Words)
	name := scriptOf(words)
	return name != "" && shellText(words) == "" && (isShell(words[0]) || words[0] == name)
}

// takeDecisions sets that a script of the project decides, if commands of it do so, which are not named one by one. Those of
// a script with tools that are known are.
func (c *Call) takeDecisions(inner []Call) {
	if !c.isScript() {
		return
	}
	known := slices.ContainsFunc(inner, func(i Call) bool { return i.kind() != "" })
	for i := range inner {
		switch {
		case inner[i].Decides == "":
		case known:
			inner[i].Step = c.Plain()
		default:
			c.Decides, inner[i].Decides = firstOf(firstOf(c.kind(), c.kindByNames()), inner[i].Decides), ""
		}
	}
}

// preparesOnly reports whether what a command runs is no check, by its name or since its failure is none.
func (c Call) preparesOnly() bool {
	return c.Ignored != "" || c.Hidden != "" || !mayCheckAll(c.Does())
}

func mayCheckAll(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		_, name, _ = strings.Cut(name, " ")
		return KindOfName(name) == "" && !MayCheck(name)
	})
}

// decide sets whether a command decides by itself.
func (j *decisionReader) decide(c *Call) {
	code := c.inlineCode()
	form := checkForm(plain(c.Words))
	if code == "" && form == "" || c.kind() != "" || c.isForServices() {
		return
	}
	v := j.verdict(c)
	if filters := form == formSearch && v.Outcome == recipes.Failure && slices.ContainsFunc(c.Words, isInverting); filters {
		return
	}
	if v.Outcome != recipes.Neither && c.decidesBy(form, code, v.Sources) {
		c.Negated = v.Outcome == recipes.Success
		c.Decides = firstOf(c.kindByNames(), Style)
		if code != "" {
			c.Decides = firstOf(c.kindByNames(), Test)
		}
	}
}

// verdict returns what a command means for the success of the script that it is in.
func (j *decisionReader) verdict(c *Call) (v recipes.Verdict) {
	key := string('0'+rune(c.shell)) + c.Script
	if _, ok := j.known[key]; !ok {
		j.known[key] = recipes.Verdicts(c.shell, c.Script)
	}
	if c.at < len(j.known[key]) {
		v = j.known[key][c.at]
	}
	return v
}

// isInverting reports whether an option has grep pass on other lines than those that match.
func isInverting(w string) bool {
	return strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "--") && strings.Contains(w, "v") || w == "--invert-match"
}

// outputOf returns the file that the output of a command goes to, or "".
func outputOf(words []string) string {
	for i, w := range words[1:] {
		if (words[i] == ">" || words[i] == ">>") && w != "/dev/null" {
			return w
		}
	}
	return ""
}

// isForServices reports whether a command is about what other jobs did, or in a job or step that checks no code.
func (c Call) isForServices() bool {
	return NameHas(c.In, leaving) || !stepMayCheck(c.Step) ||
		slices.ContainsFunc(append(c.Env, c.Script), func(text string) bool { return strings.Contains(text, "needs.") || strings.Contains(text, "(needs)") })
}

// kindByNames returns the kind of a check by the names of its step and its job, or "".
func (c Call) kindByNames() string {
	kind := firstOf(KindOfName(c.Step), KindOfName(c.In))
	if NameHas(c.Step, strings.Fields("check checks verify validate")) && KindOfName(c.In) != "" {
		return KindOfName(c.In)
	}
	return kind
}

// Forms of commands that check files.
const (
	formTest   = "test"
	formSearch = "grep"
	formFiles  = "files" // "diff a b", "sh -n x.sh"
)

// syntaxChecks are the options by which programs only check files.
var syntaxChecks = map[string][]string{
	"sh": {"-n"}, "bash": {"-n"}, "zsh": {"-n"}, "dash": {"-n"}, "ksh": {"-n"}, "perl": {"-c", "-wc", "-cw", "-Wc"}, "ruby": {"-c", "-wc", "-cw"},
	"php": {"-l"}, "node": {"--check"}, "luac": {"-p"}, "xmllint": {"--noout", "--schema", "--relaxng", "--dtdvalid"},
	"jq": {"-e", "--exit-status", "empty"}, "yq": {"-e", "--exit-status"}, "plutil": {"-lint"}, "nginx": {"-t"},
	"python": {"compileall", "py_compile", "json.tool", "tabnanny"}, "python3": {"compileall", "py_compile", "json.tool", "tabnanny"},
}

// checkForm returns how a command may check something, or "".
func checkForm(words []string) string {
	program := path.Base(words[0])
	git := program == "git" && len(words) > 1
	switch {
	case slices.Contains([]string{"test", "[", "[[", "case"}, words[0]):
		return formTest
	case slices.Contains([]string{"grep", "egrep", "fgrep", "rg"}, program), git && words[1] == "grep":
		return formSearch
	case slices.Contains([]string{"diff", "cmp"}, program), program == "awk" && exitsWithFailure(strings.Join(words[1:], " ")):
		return formFiles
	}
	if slices.ContainsFunc(words[1:], func(w string) bool { return slices.Contains(syntaxChecks[program], w) }) {
		return formFiles
	}
	return ""
}

// exitsWithFailure reports whether a program of awk ends with a status other than 0.
func exitsWithFailure(text string) bool {
	_, status, found := strings.Cut(text, "exit")
	status = strings.TrimLeft(status, " (")
	return found && status != "" && !strings.ContainsAny(status[:1], "0};")
}

// decidesBy reports whether a command that a script depends on checks the project, by what it works on.
func (c Call) decidesBy(form, code string, sources [][]string) bool {
	computed := false
	for _, words := range sources {
		one := withWords(c, plain(words))
		switch {
		case one.kind() != "" || slices.ContainsFunc(one.Does(), isCheckTool) || comparesWithGit(words) || isOfMachine(one.Words) || isComputedTool(words):
			return false
		case !slices.Contains(passing, path.Base(one.Words[0])) || readsFile(one.Words):
			computed = true
		}
	}
	words := plain(c.Words)
	switch {
	case code != "":
		return mayFail(path.Base(words[0]), code)
	case form == formTest:
		return computed && !strings.Contains(strings.Join(words, " "), "$?") || testsFile(words)
	case form == formSearch:
		return outputOf(words) == "" && (computed || len(sources) == 0 && searchesFiles(words))
	}
	return computed || !slices.ContainsFunc(words[1:], isOutside)
}

func isCheckTool(does string) bool { return kindOf()[does] != "" }

// isComputedTool reports whether a program has the name of a variable that is known for tools: "$(GOFMT) -d", "$(GO) test".
func isComputedTool(words []string) bool {
	name := strings.ToLower(strings.Trim(words[0], "\"$(){}"))
	return strings.ContainsAny(words[0], "$") && (strings.Contains(name, "fmt") || KindOfName(name) != "" || KindOfName(firstArgument(words)) != "")
}

// readsFile reports whether a program that passes on texts is given a file of the project, which a variable of a loop may name.
func readsFile(words []string) bool {
	last := words[len(words)-1]
	switch words[0] {
	case "echo", "printf":
		return false
	case "grep":
		return searchesFiles(words)
	case "cat", "head", "tail", "wc":
		variable := strings.HasPrefix(last, "$") && last != strings.ToLower(last)
		return len(words) > 1 && !strings.HasPrefix(last, "-") && strings.Trim(last, "0123456789") != "" && !variable && !isOutside(last)
	}
	return len(words) > 1 && strings.ContainsAny(last, "./") && !strings.ContainsAny(last, " $|{}()^:\\*") && !isOutside(last)
}

// passing are programs that pass on texts, and make none.
var passing = strings.Fields("echo printf cat cut tr sed awk jq sort uniq head tail wc xargs tee read local export true : [ [[ test grep")

// isOfMachine reports whether what a command prints is about the machine, the run of the pipeline or a service, and not about
// the code.
func isOfMachine(words []string) bool {
	program, first := path.Base(words[0]), firstArgument(words)
	text := strings.Join(words, " ")
	if strings.HasPrefix(program, "$") && strings.Contains(program, "docker") {
		program = "docker"
	}
	switch program {
	case "git":
		if first == "diff" && !slices.Contains(words, "--cached") && !slices.Contains(words, "--staged") {
			return slices.ContainsFunc(words[2:], func(w string) bool {
				return !strings.HasPrefix(w, "-") && !strings.ContainsAny(w, "./*") || strings.Contains(w, "..")
			})
		}
		return !slices.Contains([]string{"ls-files", "grep", "check-ignore", "check-attr"}, first)
	case "docker", "podman":
		return first != "run" && first != "exec"
	case "curl", "wget":
		return !strings.Contains(text, "localhost") && !strings.Contains(text, "127.0.0.1") && !strings.Contains(text, "0.0.0.0")
	case "go":
		return first == "env" || first == "version"
	case "npm":
		return !slices.Contains([]string{"pack", "run", "run-script", "exec", "test", "t", "ls", "query"}, first)
	}
	return slices.Contains(aboutMachines, program) || strings.Contains(text, "--version") || strings.HasPrefix(text, "command -v")
}

// aboutMachines are programs that say what a machine has or does.
var aboutMachines = strings.Fields("uname whoami id hostname date env printenv ps pgrep kubectl helm aws gcloud az gh ping nc ss netstat lsof " +
	"lsb_release dpkg apt apt-cache rpm pip pip3 nvidia-smi df free which type hash nproc getconf lsmod systemctl service ip ifconfig stat du " +
	"rustc brew xcodebuild xcrun sw_vers dmesg journalctl getent ulimit mktemp v jobs sha256sum shasum md5sum")

// isOutside reports whether a word is a file that is not of the project: one of the machine, or of the service.
func isOutside(word string) bool {
	word = strings.TrimLeft(word, "<>")
	return path.IsAbs(word) && len(word) > 1 && word != "/dev/null" || strings.HasPrefix(word, "~") || strings.HasPrefix(word, "$HOME") ||
		strings.Contains(word, "$GITHUB_") || strings.Contains(word, "${GITHUB_") || strings.Contains(word, "$RUNNER_") || strings.Contains(word, "${{")
}

// testsFile reports whether a test is about one file of the project by its name, and not one that tools or users make.
func testsFile(words []string) bool {
	words = slices.DeleteFunc(slices.Clone(words[1:]), func(w string) bool { return w == "!" || w == "]" || w == "]]" })
	if len(words) != 2 || !slices.Contains([]string{"-f", "-e", "-s", "-x"}, words[0]) {
		return false
	}
	name := strings.TrimPrefix(words[1], "./")
	return !isOutside(name) && !strings.ContainsAny(name, "$") && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "node_modules") && MayCheck(name)
}

// searchesFiles reports whether files of the project are searched.
func searchesFiles(words []string) bool {
	given := -1 // arguments behind the pattern
	for i, w := range words[1:] {
		before := words[i]
		switch {
		case strings.HasPrefix(w, "-e") || strings.HasPrefix(w, "-f") || strings.HasPrefix(w, "--regexp"):
			given = max(given, 0)
		case strings.HasPrefix(w, "-"), before == "-e", before == "-f", strings.ContainsAny(w, "<>") && !strings.HasPrefix(w, "<"):
		case given >= 0 && isOutside(w):
			return false
		default:
			given++
		}
	}
	recursive := slices.ContainsFunc(words, func(w string) bool {
		return len(w) > 1 && w[0] == '-' && w[1] != '-' && strings.ContainsAny(w, "rR") || w == "--recursive" || w == "rg" || w == "git"
	})
	return given > 0 || recursive
}
