package runner_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// install is a step that notes in an environment what it installed, keeps what was there, and counts its runs.
func install(dir string, changes ...func(*runner.Step)) runner.Step {
	script := "echo >> log; mkdir -p " + dir + "; cp lock " + dir + "/.package-lock.json; mkdir -p " + dir + "/$(cat lock)"
	return sh("deps", script, append([]func(*runner.Step){builds(dir + "/"), provides(dir + "/"), inputs("lock")}, changes...)...)
}

func disposable(s *runner.Step) { s.Plan.Provides.Disposable = true }

func TestWhatNeedsAnEnvironmentDependsOnWhatIsInstalled(t *testing.T) {
	p := newProject(t)
	p.put("lock", "old")
	deps := install("env")
	use := sh("use", "ls env", needs("deps"), inputs("none"))
	check(t, "first", p.run(deps, use).status(), "deps=ok use=ok")
	check(t, "second", p.run(deps, use).status(), "deps=cached use=cached")
	p.put("lock", "new")
	check(t, "another lock", p.run(deps, use).status(), "deps=ok use=ok")
	p.put("lock", "old")
	check(t, "and back", p.run(deps, use).status(), "deps=ok use=ok")
}

func TestAnEnvironmentThatSomebodyChangedIsMadeAnew(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*runner.Step)
		mark   string
		anew   bool
	}{
		"the user's":   {func(*runner.Step) {}, "", false},
		"filled":       {func(*runner.Step) {}, "filled", false},
		"davit's":      {func(*runner.Step) {}, "made 123", true},
		"interrupted":  {func(*runner.Step) {}, "unfinished", true},
		"a disposable": {disposable, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.put("lock", "a")
			s := install("env", test.change)
			p.put("env/.davit", test.mark)
			p.run(s)
			p.put("env/other/x", "by hand")
			r := p.run(s)
			check(t, "status", r.status(), "deps=ok")
			if gone := !has(p, "env/other"); gone != test.anew {
				t.Errorf("the other package is gone: %t", gone)
			}
			if said := strings.Contains(strings.Join(r.warnings(), ""), "env is made anew"); said != test.anew {
				t.Errorf("warnings: %q", r.warnings())
			}
			p.put("lock", "b")
			p.put("env/.davit", test.mark)
			p.put("env/other/x", "by hand")
			p.run(s)
			if !has(p, "env/other") {
				t.Error("after another lock the manager decides, and it keeps what is there")
			}
		})
	}
}

func TestAnEnvironmentOfAnotherManagerIsMadeAnew(t *testing.T) {
	foreign := func(s *runner.Step) { s.Plan.Provides.Foreign = []string{"env/.other"} }
	for name, test := range map[string]struct {
		change func(*runner.Step)
		anew   bool
	}{"a disposable": {disposable, true}, "the user's": {func(*runner.Step) {}, false}} {
		p := newProject(t)
		p.put("lock", "a")
		p.put("env/.other", "installed")
		p.put("env/extra/x", "by another manager")
		r := p.run(install("env", foreign, test.change))
		check(t, name, r.status(), "deps=ok")
		if gone := !has(p, "env/extra"); gone != test.anew {
			t.Errorf("%s: what the other manager installed is gone: %t", name, gone)
		}
		said := strings.Contains(strings.Join(r.warnings(), ""), "another package manager left env/.other")
		if said != test.anew {
			t.Errorf("%s: warnings: %q", name, r.warnings())
		}
	}
}

func TestAnEnvironmentOfAnInterruptedRunIsMadeAnew(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.run(install("env", disposable))
	p.put("lock", "b")
	ctx, cancel := context.WithCancel(t.Context())
	half := install("env", disposable, func(s *runner.Step) {
		s.Plan.Argv = []string{"sh", "-c", "mkdir -p env/half; touch begun; sleep 60"}
	})
	go func() {
		for !has(p, "begun") && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	p.runIn(ctx, half)
	p.put("lock", "a")
	r := p.run(install("env", disposable))
	check(t, "status", r.status(), "deps=ok")
	if has(p, "env/half") {
		t.Errorf("what the interrupted run left is there: %q", r.warnings())
	}
}

func TestACommandThatChangesWhatItFindsBeginsAnew(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	s := install("env", disposable, func(s *runner.Step) { s.Plan.Provides.Fresh = true })
	p.run(s)
	p.put("lock", "b")
	check(t, "another lock", p.run(s).status(), "deps=ok")
	if has(p, "env/a") {
		t.Error("what was installed before is there")
	}
	check(t, "the same", p.run(s).status(), "deps=cached")
}

func TestALinkInThePlaceOfAnEnvironmentIsNotFilled(t *testing.T) {
	p := newProject(t, "elsewhere/package/x", "lock")
	if err := os.Symlink("elsewhere", p.path("env")); err != nil {
		t.Skip(err)
	}
	r := p.run(install("env", disposable))
	check(t, "status", r.status(), "deps=skipped")
	check(t, "reason", r.Steps[0].Reason, `"env" is a link to "elsewhere": what is there is used`)
}

func TestFoldersOfMembersNeedNotExist(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	s := install("env", builds("env/", "member/env/"))
	r := p.run(s)
	if check(t, "status", r.status(), "deps=ok"); len(r.warnings()) > 0 {
		t.Errorf("warnings: %q", r.warnings())
	}
	check(t, "again", p.run(s).status(), "deps=cached")
	p.put("member/env/x/y", "by hand")
	check(t, "a new one", p.run(s).status(), "deps=ok")
}

func TestForceMakesAnEnvironmentAnewIfItIsAskedFor(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	s := install("env", disposable)
	p.run(s)
	p.force = true
	p.put("env/a/x", "edited")
	p.run(s)
	if !has(p, "env/a/x") {
		t.Error("a step that others need keeps the environment")
	}
	s.Targets = []string{"init"}
	p.run(s)
	if has(p, "env/a/x") {
		t.Error("the environment is not made anew")
	}
}

func TestATrackedEnvironmentIsNotFilled(t *testing.T) {
	p := newProject(t, "lock", "env/package/x").git()
	r := p.run(install("env", disposable))
	check(t, "status", r.status(), "deps=skipped")
	check(t, "reason", r.Steps[0].Reason, `git tracks "env/package/x": what is there is used`)
	if has(p, "log") {
		t.Error("it ran")
	}
}

func TestLockedRefusesToInstall(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.locked = true
	r := p.run(install("env"))
	check(t, "status", r.status(), "deps=failed")
	check(t, "hint", r.Steps[0].Hint, "davit init")
	p.locked = false
	p.run(install("env"))
	p.locked = true
	check(t, "what is installed", p.run(install("env")).status(), "deps=cached")
}

func TestVariablesThatDecideWhatIsInstalled(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	s := install("env", func(s *runner.Step) { s.Plan.Provides.Variables = []string{"NODE_ENV", "npm_config_*"} })
	caller := p.env
	p.run(s)
	for _, test := range []struct{ env, want string }{
		{"OTHER=1", "deps=cached"}, {"NODE_ENV=production", "deps=ok"}, {"NODE_ENV=production", "deps=cached"},
		{"npm_config_omit=dev", "deps=ok"}, {"OTHER=2", "deps=ok"},
	} {
		p.env = append(slices.Clone(caller), test.env)
		check(t, test.env, p.run(s).status(), test.want)
	}
}

func TestWhatIsThereAlreadyIsAskedOnce(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.locked = true // nothing is installed
	s := install("env", func(s *runner.Step) {
		s.Plan.Provides.Check = []string{"sh", "-c", "echo >> asked; echo all is there"}
	})
	use := sh("use", "echo", needs("deps"), inputs("none"))
	for range 3 {
		r := p.run(s, use)
		check(t, "status", r.Steps[0].Status, ui.StatusSkipped)
		check(t, "reason", r.Steps[0].Reason, "all is there")
	}
	check(t, "asked", p.get("asked"), "\n")
	check(t, "what uses it", p.run(s, use).status(), "deps=skipped use=cached")
	if x := p.why(s)["deps"]; !x.Fresh {
		t.Errorf("explain: %+v", x)
	}
	p.put("lock", "b")
	p.run(s, use)
	check(t, "asked again", p.get("asked"), "\n\n")
}

func has(p *project, name string) bool {
	_, err := os.Lstat(p.path(name))
	return err == nil
}

// The program of a step is that of the environment as soon as it is made, also for the run that made it.
func TestTheToolIsThatOfTheEnvironment(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	deps := sh("deps", "mkdir -p env/bin; printf '#!/bin/sh\\necho 2.0\\n' > env/bin/tool; chmod +x env/bin/tool",
		builds("env/"), provides("env/"), inputs("lock"))
	use := sh("use", "tool", needs("deps"), inputs("none"), func(s *runner.Step) {
		s.ToolName, s.Tool, s.Plan.Path = "tool", &plan.Tool{Check: []string{"tool", "--version"}}, []string{"env/bin"}
	})
	check(t, "first", p.run(deps, use).status(), "deps=ok use=ok")
	check(t, "second", p.run(deps, use).status(), "deps=cached use=cached")
}

func TestAPackageThatTheUserLinkedIsUsed(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	s := install("env", disposable)
	p.run(s)
	if err := os.Symlink(t.TempDir(), p.path("env/linked")); err != nil {
		t.Fatal(err)
	}
	r := p.run(s)
	check(t, "status", r.status(), "deps=skipped")
	if !strings.Contains(r.Steps[0].Reason, "a package is linked to ") || !has(p, "env/linked") {
		t.Errorf("reason: %s", r.Steps[0].Reason)
	}
	p.force = true
	s.Targets = []string{"init"}
	p.run(s)
	if has(p, "env/linked") {
		t.Error("init --force makes it anew")
	}
}

func TestABrokenEnvironmentIsMadeAnew(t *testing.T) {
	for name, breaks := range map[string]func(*project){
		"its interpreter is gone": func(p *project) {
			p.remove("env/bin/python")
			if err := os.Symlink("/nonexistent/python", p.path("env/bin/python")); err != nil {
				p.t.Fatal(err)
			}
		},
		"it was made in /elsewhere/env": func(p *project) {
			p.put("env/bin/activate", "VIRTUAL_ENV='/elsewhere/env'\nexport VIRTUAL_ENV\n")
		},
	} {
		for mark, kept := range map[string]string{"made": "none", "filled": "mine"} {
			t.Run(name+" "+mark, func(t *testing.T) {
				p := newProject(t)
				p.put("lock", "a")
				s := install("env")
				p.put("env/.davit", mark)
				p.put("env/bin/python", "")
				p.put("env/bin/activate", "VIRTUAL_ENV='"+p.path("env")+"'\n")
				p.run(s)
				p.put("env/mine", "mine")
				p.put("lock", "b")
				breaks(p)
				r := p.run(s)
				check(t, "status", r.status(), "deps=ok")
				check(t, "a file of the user's", p.get("env-old/mine"), kept)
				if said := strings.Join(r.warnings(), ""); !strings.Contains(said, "env is made anew: "+name) || has(p, "env/bin") {
					t.Errorf("warnings: %s", said)
				}
			})
		}
	}
}

func TestAnEnvironmentOfAnotherToolIsMadeAnew(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	bin := t.TempDir()
	p.env = append(p.env, "PATH="+bin+":"+os.Getenv("PATH"))
	version := func(number string) {
		if err := os.WriteFile(bin+"/tool", []byte("#!/bin/sh\necho "+number+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	s := install("env", disposable, func(s *runner.Step) {
		s.ToolName, s.Tool = "tool", &plan.Tool{Check: []string{"tool", "--version"}}
	})
	version("20.1")
	p.run(s)
	version("22.10.0")
	check(t, "warning", p.run(s).warnings()[0], "deps: env is made anew: it was made with tool 20.1")
	check(t, "again", p.run(s).status(), "deps=cached")
}

func TestAFileThatAVariableNamesCounts(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.put("limits.txt", "1")
	p.env = append(p.env, "PIP_CONSTRAINT=limits.txt")
	s := install("env", func(s *runner.Step) { s.Plan.Provides.Variables = []string{"PIP_*"} })
	p.run(s)
	check(t, "again", p.run(s).status(), "deps=cached")
	p.put("limits.txt", "2")
	check(t, "another file", p.run(s).status(), "deps=ok")
}

func TestAResultDoesNotOutliveAFailure(t *testing.T) {
	p := newProject(t)
	s := sh("test", "[ ! -e '"+p.cache+"/flaky' ]", inputs("none"))
	p.run(s)
	if err := os.WriteFile(p.cache+"/flaky", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	p.force = true
	check(t, "forced", p.run(s).status(), "test=failed")
	p.force = false
	check(t, "afterwards", p.run(s).status(), "test=failed")
}

// TestAnEnvironmentThatIsStillWrittenTo is about a package manager that outlives the davit that was killed.
func TestAnEnvironmentThatIsStillWrittenTo(t *testing.T) {
	p := newProject(t)
	p.put("lock", "a")
	p.run(install("env", disposable))
	p.put("env/foreign/x", "by hand")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 300 {
			_ = os.MkdirAll(p.path(fmt.Sprintf("env/late/%d/deep", i)), 0o777)
		}
	}()
	check(t, "status", p.run(install("env", disposable)).status(), "deps=ok")
	<-done
}
