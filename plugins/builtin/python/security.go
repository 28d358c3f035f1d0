package python

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/davit-dev/davit/plugins/sdk/ini"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerSecurity adds bandit, pip-audit and safety if they are configured, and the checks of complexity.
func (c *checks) offerSecurity() {
	c.offerOne("security-sast", c.bandit(), "security")
	scan := c.pipAudit()
	if scan.why == "" {
		scan = c.safety()
	}
	c.offerOne("security-dependency-scan", scan, "audit")
	c.offerOne("complexity", c.complexity(), "complexity")
	b := c.b
	b.absent("security-sast", "bandit is not configured")
	b.absent("security-dependency-scan", "neither pip-audit nor safety is configured")
	b.absent("complexity", "neither ruff's mccabe, flake8's max-complexity nor xenon is configured")
}

// offerOne adds a checker as a target, with the program of another target if that has it.
func (c *checks) offerOne(target string, k checker, purpose string) {
	if k.why == "" {
		return
	}
	i, known := c.installed[k.name]
	if !known {
		i = c.install(purpose, k)[0]
	}
	s := c.step(k, k.argv, i)
	s.NoCache = target == "security-dependency-scan"
	c.b.addTarget(target, k.name+", because "+k.why, c.b.addStep(target, s))
}

func (e *env) bandit() checker {
	why := e.configured("bandit", []string{".bandit", "bandit.yaml", "bandit.yml"}, "tool.bandit", "bandit")
	if h := e.hookOf("bandit"); h != nil && !h.Local() {
		return linter{name: "bandit", check: []string{"bandit", "-q"}, suffixes: []string{".py"},
			paths: (*env).packages}.hooked(e, h)
	}
	k := checker{name: "bandit", why: why, argv: []string{"bandit", "-q"}}
	switch file := e.firstOf("bandit.yaml", "bandit.yml"); {
	case toml.Has(e.pyproject, "tool", "bandit"):
		k.argv = append(k.argv, "-c", "pyproject.toml")
	case file != "":
		k.argv = append(k.argv, "-c", file)
	case e.exists(".bandit"):
		k.argv = append(k.argv, "--ini", ".bandit")
	}
	k.argv = append(append(k.argv, "-r"), e.packages()...)
	return k
}

func (e *env) pipAudit() checker {
	k := checker{name: "pip-audit", why: e.configured("pip-audit", nil, "tool.pip-audit"),
		argv: []string{"pip-audit"}}
	if file := e.firstOf(runtimeFiles...); file != "" {
		k.argv = append(k.argv, "-r", file)
	} else if e.isPackage {
		k.argv = append(k.argv, ".")
	}
	return k
}

func (e *env) safety() checker {
	k := checker{name: "safety", why: e.configured("safety", []string{".safety-policy.yml"}),
		argv: []string{"safety", "check"}}
	if file := e.firstOf(runtimeFiles...); file != "" {
		k.argv = append(k.argv, "-r", file)
	}
	return k
}

// complexity returns the first program that is configured with a limit.
func (e *env) complexity() checker {
	lint := toml.Table(e.pyproject, "tool", "ruff", "lint")
	selected := append(toml.Strings(lint, "select"), toml.Strings(lint, "extend-select")...)
	c90 := func(s string) bool { return s == "C90" || s == "C901" }
	switch {
	case toml.Has(lint, "mccabe") || toml.Has(e.pyproject, "tool", "ruff", "mccabe") ||
		slices.ContainsFunc(selected, c90):
		return checker{name: "ruff", why: "pyproject.toml turns its mccabe rules on",
			argv: []string{"ruff", "check", "--no-fix", "--no-fix-only", "--select", "C901", "."}}
	case e.maxComplexity() > 0:
		return checker{name: "flake8", why: "its max-complexity is set",
			argv: append([]string{"flake8", "--select", "C901"}, e.sources()...)}
	}
	why := e.configured("xenon", nil)
	return checker{name: "xenon", why: why,
		argv: append([]string{"xenon", "--max-absolute", "B", "--max-modules", "A", "--max-average", "A"},
			e.packages()...)}
}

func (e *env) maxComplexity() int {
	for _, f := range []ini.File{ini.Parse(e.Head(e.at(".flake8"), 1<<14)), e.setupCfg, e.toxIni} {
		if n, err := strconv.Atoi(cmp.Or(f["flake8"]["max-complexity"],
			f["flake8"]["max_complexity"])); err == nil {
			return n
		}
	}
	return 0
}
