package stack

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/taskname"
)

// A Task is one of the tasks that a project defines by name, such as a script of Composer.
type Task struct {
	// Name, and Text, what it runs, as far as it is known.
	Name, Text string
	// Step runs it, and Source is the file that defines it.
	Step   plan.Step
	Source string
	// Runner is the test runner whose totals it prints, if it tests.
	Runner string
}

// taskTargets are the targets that tasks of usual names are.
var taskTargets = map[string]string{
	"build": "build", "compile": "build",
	"test": "test-unit", "tests": "test-unit", "test-unit": "test-unit", "test:unit": "test-unit", "unit-test": "test-unit",
	"unit-tests": "test-unit", "unit": "test-unit", "phpunit": "test-unit", "pest": "test-unit", "tester": "test-unit",
	"spec": "test-unit", "specs": "test-unit",
	"integration": "test-integration", "test:integration": "test-integration", "test-integration": "test-integration",
	"functional": "test-functional", "test:functional": "test-functional", "test-functional": "test-functional",
	"e2e": "test-functional", "test:e2e": "test-functional", "test-e2e": "test-functional", "behat": "test-functional",
	"cucumber": "test-functional", "features": "test-functional",
	"format": "format", "fmt": "format", "fix": "format", "clean": "clean", "clobber": "clean",
	"run": "run", "start": "run", "serve": "run", "server": "run", "dev": "watch", "watch": "watch",
}

// checking are names of tasks that check sources, besides those of taskname.
var checking = strings.Fields("cs phpcs ecs cs-check check-cs cs:check check:cs sniff sniffer phpstan stan psalm analyse analyze analysis " +
	"static-analysis static-analyze sa phpmd phplint pint php-cs-fixer phpcsfixer credo dialyzer luacheck stylua " +
	"test:lint test:types test:type-coverage lint:check format:check fmt:check check:fmt check:format check:lint check:types")

// writing matches what rewrites sources.
var writing = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`phpcbf|--fix\b|\s-[aA]\b|--auto-?correct|shfmt.*\s-w`)
})

// Writes reports whether a task or command of a project rewrites sources by its text.
func Writes(text string) bool {
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '&' || r == ';' }) {
		has := func(word string) bool { return strings.Contains(part, word) }
		switch {
		case writing().MatchString(part),
			has("php-cs-fixer fix") && !has("--dry-run"), has("pint") && !has("--test") && !has("pinterest"),
			has("rector") && !has("--dry-run"), has("deno fmt") && !has("--check"), has("mix format") && !has("--check-formatted"),
			has("stylua ") && !has("--check"):
			return true
		}
	}
	return false
}

// Tasks offers the tasks of the project: those of usual names as the targets that they are, all others by their own
// names. It is called before the plugin adds what it infers, for which Has says what there is already. Of several tests
// of one kind, the one with the shortest name counts.
func (u *Unit) Tasks(tasks []Task) {
	slices.SortStableFunc(tasks, func(a, b Task) int { return len(a.Name) - len(b.Name) })
	for _, t := range tasks {
		target := u.targetOf(t)
		if target != "style" && u.Has(target) {
			target = t.Name
		}
		if !plan.ValidTarget(target) {
			continue
		}
		if strings.HasPrefix(target, "test-") {
			t.Step.TestRunner = t.Runner
		}
		if target == t.Name {
			t.Step.NoCache, t.Step.NoCacheWhy = true, "what the task reads and writes is not known"
		}
		id := target
		if target == "style" {
			id = "style-" + strings.ReplaceAll(t.Name, ":", "-")
		}
		u.AddAs(target, id, t.Step, "")
		about := u.About[target]
		about.Source, about.Summary = t.Source, firstLine(t.Text)
		if target != t.Name {
			about.Why, about.Summary = strings.Trim(about.Why+"; "+path.Base(t.Source)+" defines "+t.Name, "; "), ""
		}
		u.About[target] = about
	}
}

// targetOf returns the target that a task is.
func (u *Unit) targetOf(t Task) string {
	checks := taskname.Checks(t.Name) || slices.Contains(checking, t.Name)
	switch target, usual := taskTargets[t.Name]; {
	case checks && Writes(t.Text):
		return t.Name
	case checks:
		return "style"
	case usual:
		return target
	case Writes(t.Text) && taskname.ChecksOrTests(t.Name) && !u.Has("format"):
		return "format"
	}
	return t.Name
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.Join(strings.Fields(line), " ")
}

// Called reports whether a pipeline of the repository runs one of some programs in the folder of the project, by itself or
// behind others: "bundle exec rubocop".
func (u *Unit) Called(programs ...string) bool {
	return u.Pipeline().Runs(func(c pipelines.Call) bool {
		return c.Dir == u.Dir && slices.ContainsFunc(c.Words[:min(len(c.Words), 6)], func(word string) bool {
			return slices.Contains(programs, path.Base(word))
		})
	})
}

// Checked reports whether a linter belongs to the project: a pipeline calls it or, where no pipeline is known, the project
// has its configuration.
func (u *Unit) Checked(program string, configs ...string) bool {
	if u.Called(program) {
		return true
	}
	file := u.FirstOf(configs...)
	if file == "" || len(u.Pipeline().Calls) == 0 {
		return file != ""
	}
	u.Decide("%s is no part of style: there is %s, but no pipeline calls it", program, u.Path(file))
	return false
}
