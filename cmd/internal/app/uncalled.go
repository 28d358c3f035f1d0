package app

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/runner"
)

// uncalled returns what the pipelines of the project check and no step of a run does, a sentence for each target and file.
// Where no pipeline has a check of a kind, those that the task files offer count. What another sentence has in it is not
// said again.
func (p *Project) uncalled(s *Selection, steps []runner.Step, said []string) (all []string) {
	kinds := p.kindsOf(s)
	if len(kinds) == 0 {
		return nil
	}
	root, err := os.OpenRoot(p.Root.Dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	files := &sdk.Project{FS: regular.FS(root)}
	pipeline, d := p.pipeline(files), newDone(files, steps)
	scripts := pipeline.Judge()
	d.variable, d.lists, d.names = p.env, p.list(), p.files
	calls := d.withOwnVariables(pipeline.Calls)
	tasks := sync.OnceValue(func() []pipelines.Task { return p.offered(files, d) })
	for _, kind := range kinds {
		all = append(all, d.withoutVerdict(kind)...)
		all = append(all, d.onConditions(kind)...)
		if kind == pipelines.Test {
			all = append(all, d.unreached()...)
		}
		if kind == pipelines.Style {
			all = append(all, d.lenient(calls)...)
		}
		_, missing := d.missing(calls, kind)
		all = append(all, p.sentences(kind, append(missing, d.undecided(calls, kind)...), said, d)...)
		if !pipeline.Runs(func(c pipelines.Call) bool { return len(c.Checks(kind)) > 0 }) {
			all = append(all, d.unrun(kind, tasks(), said)...)
		}
	}
	all = append(all, d.unreadBy(append(scripts, pipeline.Unread...), kinds, append(slices.Clone(said), all...))...)
	return append(all, p.notRead(files, pipeline)...)
}

// notRead returns a sentence with the pipelines of the project that davit does not read, and, where no pipeline that is read
// checks anything, the files of other task runners.
func (p *Project) notRead(files pipelines.Files, read *pipelines.Pipeline) []string {
	names, tasks := pipelines.NotRead(p.files, files)
	if !read.Runs(checksAny) {
		names = append(names, tasks...)
	}
	if len(names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("davit does not read %s: what %s may not be run", p.list().of(names), oneOrMany(len(names), "it calls", "they call"))}
}

// kindsOf returns the kinds of checks that a run was asked for as a whole.
func (p *Project) kindsOf(s *Selection) (kinds []string) {
	for _, r := range s.requests {
		for _, kind := range []string{pipelines.Style, pipelines.Test, pipelines.Security} {
			if r.target.Only == "" && (r.target.Name == kind || slices.Contains(r.target.AllOf, kind)) && !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	return kinds
}

// missing returns how many commands check something of a kind, and those that no step does. A task that checks by nothing
// but what no step does is one command.
func (d *done) missing(calls []pipelines.Call, kind string) (total int, missing []pipelines.Call) {
	for i := 0; i < len(calls); i++ {
		c := calls[i]
		inner := calls[i+1 : i+1+c.Inner]
		i += c.Inner
		switch {
		case c.Opened && c.Inner == 0, c.Ignored != "":
			continue // an earlier one runs the same, or it may fail
		case !c.WorksOnCode():
			continue
		case d.runs(c, inner):
			total++
			continue
		}
		n, lacks := d.missing(inner, kind)
		does := d.checks(c, kind)
		switch {
		case n == 0 && len(does) > 0:
			n = 1
			if slices.ContainsFunc(does, func(one string) bool { return !d.does(c, one) }) {
				lacks = []pipelines.Call{c}
			}
		case n > 0 && len(lacks) == n && len(does) > 0:
			lacks = []pipelines.Call{c}
		}
		total, missing = total+n, append(missing, lacks...)
	}
	return total, missing
}

// withoutVerdict returns a sentence with what steps run of a kind that does not decide whether they succeed, if there is any.
func (d *done) withoutVerdict(kind string) []string {
	var texts []string
	for _, c := range d.ignored {
		if text := d.lists.short(c.Plain()) + ", " + c.Ignored; len(c.Checks(kind)) > 0 && !c.Opened && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return []string{kind + " does not depend on " + d.lists.joined(texts, ", and on ")}
}

// onConditions returns a sentence with what steps run of a kind on a condition only, if there is any.
func (d *done) onConditions(kind string) []string {
	var texts []string
	for _, c := range d.calls {
		text := d.lists.short(c.Plain()) + ", which depends on " + d.lists.short(c.Condition)
		if c.Condition != "" && len(c.Checks(kind)) > 0 && !c.Opened && !d.runsOtherwise(c, kind) && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return []string{kind + " may not run " + d.lists.joined(texts, ", nor ")}
}

// runsOtherwise reports whether steps do the same as a command on no condition, or check something of a kind on the opposite
// one.
func (d *done) runsOtherwise(c doneCall, kind string) bool {
	opposite, negated := strings.CutPrefix(c.Condition, "not ")
	return slices.ContainsFunc(d.calls, func(o doneCall) bool {
		if o.Condition == "" {
			return slices.Equal(o.Does(), c.Does()) && d.builds(o.Call, c.Call)
		}
		return (o.Condition == "not "+c.Condition || negated && o.Condition == opposite) && len(o.Checks(kind)) > 0
	})
}

// runs reports whether a step runs a command, or steps all that it runs.
func (d *done) runs(c pipelines.Call, inner []pipelines.Call) bool {
	_, same := d.same(c)
	return same || len(inner) > 0 && d.allSame(inner)
}

// sentences returns what a run does not do, a sentence for each file.
func (p *Project) sentences(kind string, missing []pipelines.Call, said []string, d *done) (all []string) {
	byFile := grouped{}
	for _, c := range missing {
		text := oneLine(quoted(c.Words))
		switch {
		case len(c.Options) > 0:
			text = oneLine(append(append(decisive(c), c.Program()), c.Options...)) // several jobs may set the same
		case c.Decides == "":
			text = oneLine(append(decisive(c), quoted(c.Words)...))
		}
		if c.Compared {
			text += " and git diff"
		}
		if c.Negated {
			text = "! " + text
		}
		if !isSaid(said, text) && !isSaid(said, c.Plain()) && !saysRace(said, c) && !d.saysTags(said, c) && !isOmitted(said, c) {
			byFile.add(c.File, p.list().short(text)+at(c.Dir)+inStep(c))
		}
	}
	explain := "davit explain --ci"
	if t, ok := p.Resolution.Find(kind); ok && offers(p.Resolution, t) {
		explain = "davit explain " + kind + " --ci"
	}
	for _, f := range byFile.files {
		all = append(all, fmt.Sprintf("%s leaves out what %s also runs: %s; %s shows both", kind, f.name, p.list().of(f.texts), explain))
	}
	return all
}

// quoted returns the words of a command with quotes around those that need them to be read as one.
func quoted(words []string) (all []string) {
	for _, w := range words {
		switch {
		case !strings.ContainsAny(w, " \t\n"):
		case strings.ContainsAny(w, "$`'"):
			w = `"` + w + `"`
		default:
			w = "'" + w + "'"
		}
		all = append(all, w)
	}
	return all
}

// inStep returns the name of the step or task that a command is in which decides by itself, in parentheses, or "".
func inStep(c pipelines.Call) string {
	if name := strings.Join(strings.Fields(c.Step), " "); c.Decides != "" && !c.Opened && name != "" && len(name) < maxText {
		return " (" + name + ")"
	}
	return ""
}

// undecided returns the commands by which the pipelines decide themselves on a check of a kind, and that no step runs.
// Those of a task that is a check by its name are not named beside it.
func (d *done) undecided(calls []pipelines.Call, kind string) (all []pipelines.Call) {
	for i := 0; i < len(calls); i++ {
		c := calls[i]
		inner := calls[i+1 : i+1+c.Inner]
		i += c.Inner
		switch {
		case d.runs(c, inner) && !slices.ContainsFunc(inner, d.decidesUnrun):
		case c.Decides == kind && len(c.Checks(kind)) == 0:
			all = append(all, c)
		case !checksAny(c) || slices.ContainsFunc(inner, checksAny):
			all = append(all, d.undecided(inner, kind)...)
		}
	}
	return all
}

// isOmitted reports whether a stack says that it leaves out a command, by the words of it that select tests:
// "python leaves out unittest discover other (.github/workflows/ci.yml)".
func isOmitted(said []string, c pipelines.Call) bool {
	return slices.ContainsFunc(said, func(s string) bool {
		_, rest, _ := strings.Cut(s, " leaves out ")
		part, where, _ := strings.Cut(rest, " (")
		words := strings.Fields(part)
		return len(words) > 1 && strings.HasPrefix(where, c.File+")") && !slices.ContainsFunc(words, func(w string) bool {
			return !slices.Contains(c.Words, strings.Trim(w, "'\""))
		})
	})
}

// decidesUnrun reports whether a command decides by itself and no step runs it.
func (d *done) decidesUnrun(c pipelines.Call) bool {
	_, same := d.same(c)
	return c.Decides != "" && !same
}

// saysRace reports whether a sentence of a stack names what a command tests with the race detector.
func saysRace(said []string, c pipelines.Call) bool {
	return slices.Contains(settings(c), "-race") && slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "the race detector, as "+c.File) })
}

// saysTags reports whether the sentences of stacks name the tests that a command runs besides those of a step: files with its
// build tags.
func (d *done) saysTags(said []string, c pipelines.Call) bool {
	tags := c.Tags()
	return len(tags) > 0 && len(settings(c)) == 0 && d.does(c.WithoutTags(), "go test") && !slices.ContainsFunc(tags, func(tag string) bool {
		return !slices.ContainsFunc(said, func(s string) bool {
			return strings.Contains(s, "with the build tag") && slices.Contains(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' }), tag)
		})
	})
}

func offers(r *conventions.Resolution, t conventions.Resolved) bool {
	uses, _ := r.Expand(t)
	return len(uses) > 0
}

// notChecks are words in the names of what pipelines call that is about no check of the code.
var notChecks = strings.Fields("release releases releaser labeler label labels stale merge automerge tag tagpush publish deploy docs doc html " +
	"scorecard dependabot triage welcome version bump changelog pages site backport sync lock dependency dco cla init install setup qemu binfmt")

// unreadBy says what the pipelines call and davit could not read, if that may be a check of the kinds, no step runs the
// same, and no other sentence has it.
func (d *done) unreadBy(list []pipelines.Unread, kinds, said []string) (all []string) {
	byFile := grouped{}
	for _, u := range list {
		_, rest, _ := strings.Cut(u.What, " ")
		rest, _, _ = strings.Cut(rest, "@")
		kind, other := pipelines.KindOfName(rest), !mayCheck(u.What) || d.testsSession(u.What) || isSaid(said, d.lists.short(u.What))
		if other || u.What == u.File || d.runsText(u.What) || kind != "" && !slices.Contains(kinds, kind) {
			continue
		}
		byFile.add(u.File, d.lists.short(strings.TrimPrefix(u.What, "uses: ")))
	}
	for _, f := range byFile.files {
		all = append(all, fmt.Sprintf("%s calls %s, which davit could not read: it may check more", f.name, d.lists.of(f.texts)))
	}
	return all
}

// testsSession reports whether a command runs tests by tox or nox, whose commands were not read, and a step runs pytest: the
// stack reads what they run.
func (d *done) testsSession(command string) bool {
	words := strings.Fields(command)
	if len(words) == 0 || words[0] != "tox" && words[0] != "nox" {
		return false
	}
	_, runs := d.find(func(s doneCall) bool { return s.step.Plan.TestRunner == plan.RunnerPytest })
	return runs && !slices.ContainsFunc(pipelines.SessionsNamed(words), func(name string) bool { return pipelines.KindOfName(name) != pipelines.Test && !isPython(name) })
}

// isPython reports whether an environment of tox is one for a version of Python: "py312".
func isPython(name string) bool {
	return strings.HasPrefix(name, "py") && strings.Trim(name[2:], "0123456789.-py{},") == ""
}

// mayCheck reports whether no name in what a pipeline calls says that it is no check.
func mayCheck(what string) bool {
	what, _, _ = strings.Cut(what, "@")
	return !slices.ContainsFunc(strings.Fields(what), func(word string) bool {
		return !strings.HasPrefix(word, "-") && (pipelines.NameHas(word, notChecks) || strings.Contains(word, "/") && !pipelines.MayCheck(word))
	})
}

// runsText reports whether a step runs a command, by its text.
func (d *done) runsText(text string) bool {
	_, ok := d.find(func(s doneCall) bool { return s.Plain() == text })
	return ok
}

// grouped has texts by files, each once.
type grouped struct {
	files []group
	seen  []string
}

type group struct {
	name  string
	texts []string
}

// add adds a text to those of a file.
func (g *grouped) add(file, text string) {
	if slices.Contains(g.seen, text) {
		return
	}
	g.seen = append(g.seen, text)
	i := slices.IndexFunc(g.files, func(f group) bool { return f.name == file })
	if i < 0 {
		i, g.files = len(g.files), append(g.files, group{name: file})
	}
	g.files[i].texts = append(g.files[i].texts, text)
}

// at returns " in web" for a folder that is known, and not the root.
func at(dir string) string {
	if dir == "." || dir == ".." {
		return ""
	}
	return " in " + dir
}
