package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// An Unread is a command, or a workflow of another repository, that a file of a pipeline calls, and why it was not read: a
// text that goes on behind What, as in "is not in the project".
type Unread struct {
	What string `json:"call"`
	File string `json:"file"`
	Why  string `json:"why"`
}

// Why something was not read.
const (
	isElsewhere = "is of another repository"
	isMissing   = "is not in the project"
	isComputed  = "has a name that is computed"
	runsOthers  = "may run any command"
	isOther     = "is no script of a shell"
	isContained = "runs in a container"
	isLarge     = "is too large"
	isProgram   = "is a program of the project"
	decides     = "decides by itself whether it succeeds"
)

// Hidden reports whether the pipelines may run other commands than the calls. A program of the project is code, and no
// list of commands.
func (p *Pipeline) Hidden() bool {
	return slices.ContainsFunc(p.Unread, func(u Unread) bool { return u.Why != isProgram })
}

// unread records what was not read.
func (r *pipelineReader) unread(what, why string) {
	if one := (Unread{what, r.file, why}); !slices.Contains(r.out.Unread, one) {
		r.out.Unread = append(r.out.Unread, one)
	}
}

// hides records a command that may run others which were not read.
func (r *pipelineReader) hides(c Call) {
	words := plain(c.Words)
	_, _, contained := inContainer(words)
	switch {
	case c.Opened:
	case isHidden(words):
		r.unread(strings.Join(words, " "), runsOthers)
	case !c.WorksOnCode() || c.Dir == ".." || c.kind() != "" || c.writes():
	case contained:
		r.unread(c.Plain(), isContained)
	case c.Ignored != "":
	case r.runsProgram(c.Command):
		r.unread(oneLine(c.Words), isProgram)
	case r.runsTargetOfCMake(c.Command):
		r.unread(c.Plain(), isProgram)
	default:
		if why := r.whyUnread(c.Dir, words); why != "" {
			r.unread(c.Plain(), why)
		}
	}
}

// kind returns the kind of a check that a command is, or "".
func (c Call) kind() string {
	for _, kind := range []string{Test, Style, Security} {
		if len(c.Checks(kind)) > 0 {
			return kind
		}
	}
	return ""
}

// whyUnread says why the script that a command runs was not read; "" if it runs none, or one that a build makes.
func (r *pipelineReader) whyUnread(dir string, words []string) string {
	name := scriptOf(words)
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "~") || isMade(words[0]) || path.Base(path.Dir(name)) == ".bin" {
		return ""
	}
	if strings.ContainsAny(name, "$`*?") {
		return isComputed
	}
	text, ok := r.files.Read(path.Join(dir, name))
	switch {
	case !ok:
		return isMissing
	case len(text) >= maxPipeline:
		return isLarge
	case !isShell(words[0]) && !recipes.IsShellScript(name, text):
		return isOther
	}
	return ""
}

// scriptOf returns the name of the file that a command runs: that of a program with a folder, or the first argument of an
// interpreter.
func scriptOf(words []string) string {
	first := firstArgument(words)
	if at := slices.Index(words, first); at > 0 && isShell(words[0]) && strings.HasSuffix(words[at-1], "o") && strings.HasPrefix(words[at-1], "-") {
		first = firstArgument(words[at:]) // behind "-o pipefail"
	}
	switch {
	case isShell(words[0]):
		return first
	case strings.Contains(words[0], "/"):
		return words[0]
	case slices.Contains(words, "-c") || slices.Contains(words, "-m") || slices.Contains(words, "-e"):
		return ""
	case isInterpreter(words[0]) && (path.Ext(first) != "" || strings.Contains(first, "/")), words[0] == "php" && path.Ext(first) == ".php":
		return first
	}
	return ""
}

func isShell(program string) bool {
	return slices.Contains([]string{"sh", "bash", "zsh", "dash", "ksh", ".", "source"}, path.Base(program))
}

// hiding are programs that run commands which are not read.
var hiding = []string{"nix", "nix-build", "nix-shell", "earthly", "dagger", "bazel", "bazelisk", "mage", "buck2", "pants",
	"please", "act", "cargo-make", "tox", "nox", "invoke", "rake"}

// MayRunOthers reports whether a command runs a program or script that is not known, or that runs commands which were not
// read.
func (c Call) MayRunOthers() bool {
	words := plain(c.Words)
	return isHidden(words) || isInterpreter(path.Base(words[0])) || strings.ContainsAny(words[0], "/$") || slices.Contains(taskRunners, path.Base(words[0]))
}

// isHidden reports whether a command may run any other.
func isHidden(words []string) bool {
	if len(words) > 1 && words[0] == "cargo" {
		return slices.Contains([]string{"xtask", "make", "dev", "ci"}, words[1]) || slices.Contains(words, "xtask")
	}
	return slices.Contains(hiding, path.Base(words[0]))
}

// oneLine returns words as one line.
func oneLine(words []string) string {
	return strings.Join(strings.Fields(strings.Join(words, " ")), " ")
}
