package main

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// offerSecurity adds bandit, pip-audit and safety if they are configured, and the checks of complexity.
func (e *env) offerSecurity(b *builder) {
	e.offerOne(b, "security-sast", e.bandit(), "security")
	scan := e.pipAudit()
	if scan.why == "" {
		scan = e.safety()
	}
	e.offerOne(b, "security-dependency-scan", scan, "audit")
	e.offerOne(b, "complexity", e.complexity(), "style")
	b.absent("security-sast", "bandit is not configured")
	b.absent("security-dependency-scan", "neither pip-audit nor safety is configured")
	b.absent("complexity", "neither ruff's mccabe, flake8's max-complexity nor xenon is configured")
}

func (e *env) offerOne(b *builder, target string, c checker, purpose string) {
	if c.why == "" {
		return
	}
	s := e.checkStep(c, c.argv, nil)
	s.Path = toolsPath(".venv-" + purpose)
	if target == "security-dependency-scan" {
		s.NoCache = true
	}
	deps := b.prefix + purpose + "-deps"
	if _, exists := b.Steps[deps]; !exists {
		deps = e.install(b, purpose, c.name)
	}
	s.Needs = []string{deps}
	b.addTarget(target, c.name+", because "+c.why, b.addStep(target, s))
}

func (e *env) bandit() checker {
	c := checker{name: "bandit", why: e.configured("bandit", []string{".bandit", "bandit.yaml", "bandit.yml"},
		"tool.bandit", "bandit"), argv: []string{"bandit", "-q"}}
	switch file := e.firstOf("bandit.yaml", "bandit.yml"); {
	case toml.Has(e.pyproject, "tool", "bandit"):
		c.argv = append(c.argv, "-c", "pyproject.toml")
	case file != "":
		c.argv = append(c.argv, "-c", file)
	case e.exists(".bandit"):
		c.argv = append(c.argv, "--ini", ".bandit")
	}
	c.argv = append(append(c.argv, "-r"), e.packages()...)
	return c
}

func (e *env) pipAudit() checker {
	c := checker{name: "pip-audit", why: e.configured("pip-audit", nil, "tool.pip-audit"),
		argv: []string{"pip-audit"}}
	if file := e.firstOf(runtimeFiles...); file != "" {
		c.argv = append(c.argv, "-r", file)
	} else if e.isPackage {
		c.argv = append(c.argv, ".")
	}
	return c
}

func (e *env) safety() checker {
	c := checker{name: "safety", why: e.configured("safety", []string{".safety-policy.yml"}),
		argv: []string{"safety", "check"}}
	if file := e.firstOf(runtimeFiles...); file != "" {
		c.argv = append(c.argv, "-r", file)
	}
	return c
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
			argv: []string{"ruff", "check", "--select", "C901", "."}}
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
	for _, f := range []ini{parseINI(e.Head(e.at(".flake8"), 1<<14)), e.setupCfg, e.toxIni} {
		if n, err := strconv.Atoi(cmp.Or(f["flake8"]["max-complexity"],
			f["flake8"]["max_complexity"])); err == nil {
			return n
		}
	}
	return 0
}
