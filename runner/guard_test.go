package runner_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/davit-dev/davit/runner"
)

func uncached(s *runner.Step) { s.Cacheable = false }

func TestAStepThatMustOnlyReadMayNotChangeTrackedFiles(t *testing.T) {
	for name, c := range map[string]struct {
		script, reason string
	}{
		"it does not":             {"cat a", ""},
		"it changes one":          {"echo x > a", "it must only read, and changed a"},
		"it deletes one":          {"rm sub/b", "it must only read, and changed sub/b"},
		"it makes one executable": {"chmod +x a", "it must only read, and changed a"},
		"it changes two":          {"echo x > a; echo y > sub/b", "it must only read, and changed a, sub/b"},
		"it touches one":          {"touch a", ""},
		"it puts it back":         {"cp a c; echo x > a; mv c a", ""},
		"it makes a new one":      {"echo x > new", ""},
		"it fails and changes":    {"echo x > a; exit 3", "exit status 3; it must only read, and changed a"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t, "a", "sub/b").git()
			r := p.run(sh("style", c.script))
			check(t, "reason", r.Steps[0].Reason, c.reason)
			want := map[bool]string{true: "style=ok", false: "style=failed"}[c.reason == ""]
			check(t, "status", r.status(), want)
		})
	}
}

func TestOutsideGitEveryFileIsLookedAt(t *testing.T) {
	p := newProject(t, "a", "__pycache__/x", "junk/y", ".gitignore")
	p.put(".gitignore", "junk/\n")
	check(t, "a source", p.run(sh("s", "echo x > a")).status(), "s=failed")
	check(t, "what tools leave", p.run(sh("s", "echo x > __pycache__/x; echo x > junk/y")).status(), "s=ok")
}

func TestAnUntrackedFileOfARepositoryMayChange(t *testing.T) {
	p := newProject(t, "a").git()
	p.put("notes", "x")
	check(t, "status", p.run(sh("s", "echo y > notes", uncached)).status(), "s=ok")
}

func TestEffectsThatMayChangeFiles(t *testing.T) {
	p := newProject(t, "a", "gen/x").git()
	r := p.run(sh("format", "echo w >> a", effect(runner.Writes)))
	check(t, "writes", r.status()+strings.Join(r.warnings(), ""), "format=ok")
	r = p.run(sh("build", "echo b >> gen/x", builds("gen/")))
	check(t, "builds its outputs", r.status()+strings.Join(r.warnings(), ""), "build=ok")
	r = p.run(sh("build", "echo b >> a", builds()))
	check(t, "builds something else", r.status(), "build=ok")
	check(t, "warnings", strings.Join(r.warnings(), ""), "build: it changed a, outside its outputs")
}

func TestOutputsThatAreNotThereAreWarnedOf(t *testing.T) {
	p := newProject(t, "a")
	for range 2 {
		r := p.run(sh("build", "echo > made", builds("made", "bin/")))
		check(t, "status", r.status(), "build=ok")
		check(t, "warnings", strings.Join(r.warnings(), ""),
			`build: it succeeded without making "bin/", which its plan says it makes`)
	}
}

func TestAnEnvironmentThatIsToBeEmptyNeedNotBeThere(t *testing.T) {
	p := newProject(t, "a").git()
	p.put("env/package", "")
	remove := sh("deps", "rm -r env", builds("env/"), provides("env/"))
	check(t, "warnings", strings.Join(p.run(remove).warnings(), ""),
		`deps: it succeeded without making "env/", which its plan says it makes`)

	p.put("env/package", "")
	remove.Plan.Provides.Empty = true
	r := p.run(remove)
	check(t, "status", r.status()+strings.Join(r.warnings(), ""), "deps=ok")
}

// Two steps run at once and one of them changes a file: the message names both. A file in the cache folder,
// which is no part of the project, lets each wait for the other.
func TestStepsThatRanAtTheSameTimeAreNamed(t *testing.T) {
	p := newProject(t, "a", "out/x").git()
	meet := func(me, other, do string) string {
		at := func(name string) string { return "'" + filepath.Join(p.cache, name) + "'" }
		return "touch " + at(me) + "; while [ ! -e " + at(other) + " ]; do sleep 0.01; done; " + do
	}
	r := p.run(sh("style", meet("1", "2", "echo x > a; touch '"+p.cache+"/3'")),
		sh("lint", meet("2", "3", "")))
	check(t, "status", r.status(), "style=failed lint=failed")
	check(t, "reason", r.Steps[0].Reason,
		"it must only read; it or lint, at the same time, changed a")
	check(t, "hint", r.Steps[0].Hint, "git restore a undoes that; with -j 1 the steps run one after the other, and only the one that writes fails")

	// A command that is known to write nothing is not blamed for the other one.
	r = p.run(sh("style", meet("7", "8", "echo y > a; touch '"+p.cache+"/9'")),
		sh("lint", meet("8", "9", ""), func(s *runner.Step) { s.Plan.ReadOnly = true }))
	check(t, "status", r.status(), "style=failed lint=ok")
	check(t, "reason", r.Steps[0].Reason, "it must only read, and changed a")

	// What the other is there to make is no fault of a reader.
	r = p.run(sh("test", meet("4", "5", "")), sh("build",
		meet("6", "4", "echo x > out/x; touch '"+p.cache+"/5'"), builds("out/")))
	check(t, "status", r.status(), "test=ok build=ok")
}

func TestAStepThatWasSkippedIsNotLookedAt(t *testing.T) {
	p := newProject(t, "a").git()
	s := sh("deps", "false", builds("none/"), provides("none/", "true"))
	r := p.run(s)
	check(t, "status", r.status(), "deps=skipped")
	if len(r.warnings()) > 0 {
		t.Errorf("warnings: %q", r.warnings())
	}
}

func TestAFileThatCannotBeReadIsNamed(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root reads everything")
	}
	p := newProject(t, "a").git()
	if err := os.Chmod(p.path("a"), 0); err != nil {
		t.Fatal(err)
	}
	r := p.run(sh("s", "true", uncached))
	check(t, "reason", r.Steps[0].Reason, `its inputs cannot be read: "a" cannot be read: permission denied`)
}

// A repository inside the project has tracked files too, which no check may change.
func TestAReadsStepMustNotChangeAFileOfAClone(t *testing.T) {
	p := newProject(t, "a")
	p.put("third/lib/x", "1")
	p.commit(p.path("third/lib"))
	p.git()
	ran := p.run(sh("test", "echo 2 > third/lib/x"))
	check(t, "status", ran.status(), "test=failed")
	if reason := ran.Steps[0].Reason; !strings.Contains(reason, "third/lib/x") {
		t.Errorf("got %q", reason)
	}
}

// What git does not have of a file that a check overwrote, davit keeps.
func TestEarlierContentsAreKept(t *testing.T) {
	p := newProject(t, "clean", "mine", "sub/mine", "staged").git()
	p.put("mine", "not committed")
	p.put("sub/mine", "neither")
	p.put("staged", "staged")
	if out, err := exec.Command("git", "-C", p.dir, "add", "staged").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	r := p.run(sh("style", "echo x | tee clean mine sub/mine staged"))
	check(t, "status", r.status(), "style=failed")
	hint, dir, _ := strings.Cut(r.Steps[0].Hint, " is in ")
	check(t, "hint", hint, "git restore clean staged undoes that; the earlier content of mine, sub/mine")
	for name, want := range map[string]string{"mine": "not committed", "sub/mine": "neither"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		check(t, name, string(data), want)
		if err != nil {
			t.Error(err)
		}
	}
	check(t, "nothing is put back", p.get("mine"), "x\n")
	if out, err := exec.Command("git", "-C", p.dir, "restore", "clean", "staged").CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	check(t, "restored", p.get("staged"), "staged")

	deleted := p.run(sh("style", "rm clean"))
	check(t, "hint", deleted.Steps[0].Hint, "git restore clean undoes that")
}

func TestAStepThatChangesTheHooksOfGitIsNamed(t *testing.T) {
	for script, want := range map[string]string{
		"git config core.hooksPath .husky/_":         `s: it set core.hooksPath, so that git runs the hooks in ".husky/_"`,
		"echo x > .git/hooks/pre-commit":             "s: it wrote hooks of git: pre-commit",
		"echo x > .git/hooks/pre-push.sample; cat a": "",
		"git config user.name T":                     "",
	} {
		t.Run(script, func(t *testing.T) {
			p := newProject(t, "a").git()
			r := p.run(sh("s", script, builds()))
			check(t, "status and warnings", r.status()+" "+strings.Join(r.warnings(), ""), "s=ok "+want)
		})
	}
}

// What git has staged and checked out is the user's, as files are.
func TestAStepThatMustOnlyReadMayNotChangeTheIndexOrTheBranchOfGit(t *testing.T) {
	commit := "git -c user.name=x -c user.email=x@example.com commit -q"
	for script, want := range map[string]struct{ reason, hint string }{
		"git status; git diff; touch a; git update-index -q --refresh || true": {},
		"git stash list; echo x > new":                                         {},
		"git config user.name T; git tag v1; git branch other":                 {},
		"git update-index --add --cacheinfo 100644,$(git hash-object -w mine),a && echo": {
			"it must only read, and changed what is staged of a", "git restore --staged a takes that out of the index"},
		"git add new mine": {"it must only read, and changed what is staged of mine, new",
			"git restore --staged new takes that out of the index"},
		"git add new && git reset -q new":      {},
		"git rm -q --cached sub/b":             {"it must only read, and changed what is staged of sub/b", "git restore --staged sub/b takes that out of the index"},
		commit + " --allow-empty -m x":         {"it must only read, and moved the branch main from C to C", "git reset --soft C moves it back"},
		"git switch -q -c other":               {"it must only read, and switched git from the branch main to the branch other", "git switch main goes back"},
		"git checkout -q --detach":             {"it must only read, and switched git from the branch main to HEAD", "git switch main goes back"},
		"git switch -qc x; git switch -q main": {},
	} {
		t.Run(script, func(t *testing.T) {
			p := newProject(t, "a", "sub/b", "mine")
			p.commit(p.dir)
			p.runGit(p.dir, "branch", "-M", "main")
			p.put("mine", "staged")
			p.runGit(p.dir, "add", "mine")
			p.put("mine", "and changed")
			p.put("new", "new")
			r := p.run(sh("style", script, uncached))
			hash := regexp.MustCompile(`[0-9a-f]{12}`)
			check(t, "reason", hash.ReplaceAllString(r.Steps[0].Reason, "C"), want.reason)
			check(t, "hint", hash.ReplaceAllString(r.Steps[0].Hint, "C"), want.hint)
		})
	}
}

func TestABuildThatStagesIsWarnedOf(t *testing.T) {
	p := newProject(t, "a").git()
	p.put("new", "x")
	r := p.run(sh("build", "git add new", builds()))
	check(t, "status and warnings", r.status()+" "+strings.Join(r.warnings(), ""), "build=ok build: it changed what is staged of new")
}
