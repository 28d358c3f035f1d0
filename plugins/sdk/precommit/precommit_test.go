package precommit

import (
	"reflect"
	"testing"
)

func TestParse(t *testing.T) {
	c := Parse(`
exclude: ^docs/
default_stages: [pre-commit, pre-push]
repos:
- repo: https://github.com/astral-sh/ruff-pre-commit
  rev: 76e47323a83cd9795e4ff9a1de1c0d2eef610f17  # frozen: v0.11.11
  hooks:
  - id: ruff
    args: []
    exclude: ^a/
  - id: ruff-format
    stages: [manual]
- repo: git@gitlab.com:team/black
  rev: "24.1"
  hooks:
  - {id: black, types_or: [python, pyi], additional_dependencies: ["click<8"], pass_filenames: false}
- repo: local
  hooks:
  - id: types
    entry: uv run mypy
    language: system
`)
	all := []string{"^docs/"}
	want := Config{Hosts: []string{"github.com", "gitlab.com"}, Hooks: []Hook{
		{ID: "ruff", Repo: "https://github.com/astral-sh/ruff-pre-commit", Version: "0.11.11", Args: []string{},
			Exclude: []string{"^docs/", "^a/"}},
		{ID: "ruff-format", Repo: "https://github.com/astral-sh/ruff-pre-commit", Version: "0.11.11",
			Exclude: all, Manual: true},
		{ID: "black", Repo: "git@gitlab.com:team/black", Version: "24.1", Exclude: all, NoFiles: true,
			Types: []string{"python", "pyi"}, Dependencies: []string{"click<8"}},
		{ID: "types", Entry: "uv run mypy", Repo: "local", Exclude: all},
	}}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwanted %+v", c, want)
	}
	mypy := c.Hooks[3]
	if !mypy.Runs([]string{"mypy"}, "mypy") || mypy.Runs([]string{"types"}, "ruff", "check") || !mypy.Local() {
		t.Errorf("of a local hook, the entry says what it runs")
	}
	if !c.Hooks[0].Runs([]string{"ruff", "ruff-check"}, "ruff", "check") {
		t.Errorf("of another hook, the id says what it runs")
	}
}

func TestVersionOf(t *testing.T) {
	for _, c := range []struct{ repo, rev, program, want string }{
		{"https://github.com/psf/black", "24.10.0", "black", "24.10.0"},
		{"https://github.com/psf/black-pre-commit-mirror.git", "v24.1a1", "black", "24.1a1"},
		{"https://github.com/PyCQA/isort", "5.10.1-1", "isort", "5.10.1"},
		{"https://github.com/pre-commit/mirrors-mypy", "v1.13.0", "mypy", "1.13.0"},
		{"https://github.com/pre-commit/mirrors-mypy", "v1.13.0", "flake8", ""},
		{"https://github.com/pylint-dev/pylint", "pylint-2.7.4", "pylint", "2.7.4"},
		{"https://github.com/psf/black", "stable", "black", ""},
		{"https://github.com/psf/black", "refs2", "black", ""},
		{"https://github.com/psf/black", "0123456789012345678901234567890123456789", "black", ""},
	} {
		h := Parse("repos:\n- repo: " + c.repo + "\n  rev: " + c.rev + "\n  hooks:\n  - id: x\n").Hooks[0]
		if got := h.VersionOf(c.program); got != c.want {
			t.Errorf("%s at %s: got %q for %s, wanted %q", c.repo, c.rev, got, c.program, c.want)
		}
	}
}
