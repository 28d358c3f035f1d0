package pipeline

import (
	"path"
	"slices"
	"strings"
)

// A setup is a step of GitHub Actions that installs a tool: an action with its inputs, or a command.
type setup struct {
	Uses string
	With []string // lines of YAML
	Run  string
}

// setups returns the steps that install the tools of a job. What is missing then runs in a container, or has an
// error with the command that installs it.
func setups(tools []Tool) (all []setup) {
	for _, t := range tools {
		if s := t.setup(); s.Uses+s.Run != "" {
			all = append(all, s)
		}
	}
	return all
}

func (t Tool) setup() setup {
	switch t.Name {
	case "go":
		return setup{Uses: "actions/setup-go@v5", With: append(t.with("go", "stable"), "cache: false")}
	case "node":
		return setup{Uses: "actions/setup-node@v4", With: t.with("node", "lts/*")}
	case "python3":
		return setup{Uses: "actions/setup-python@v5", With: t.with("python", "3.x")}
	case "bun":
		return setup{Uses: "oven-sh/setup-bun@v2"}
	case "uv":
		return setup{Uses: "astral-sh/setup-uv@v6", With: []string{"enable-cache: false"}}
	case "pnpm", "yarn":
		return setup{Run: "npm install --global --force corepack && corepack enable"}
	case "poetry", "pdm", "pipenv":
		return setup{Run: "pipx install " + t.Name}
	case "cargo":
		return setup{Run: t.rustup()}
	}
	return setup{Run: t.Install}
}

// with returns the inputs of a setup action: the file that pins the version or, without one, the version.
func (t Tool) with(name, newest string) []string {
	switch {
	case t.File != "":
		return []string{name + "-version-file: " + quoted(t.File)}
	case t.Version != "":
		return []string{name + "-version: " + quoted(t.Version)}
	}
	return []string{name + "-version: " + quoted(newest)}
}

// rustup returns the command that installs the toolchain that a rust-toolchain file says, or another one.
func (t Tool) rustup() string {
	const minimal = " --profile minimal --component clippy --component rustfmt"
	if dir := path.Dir(t.File); t.File != "" && dir != "." {
		return "cd " + word(dir) + " && rustup toolchain install"
	} else if t.File != "" {
		return "rustup toolchain install"
	}
	if t.Version != "" {
		return "rustup toolchain install " + t.Version + minimal + " && rustup default " + t.Version
	}
	return "rustup toolchain install stable" + minimal
}

// word returns a plain text as a word of a shell.
func word(text string) string {
	if strings.ContainsAny(text, " ~=()[]") {
		return "'" + text + "'"
	}
	return text
}

// homes are the folders of caches on a machine of GitHub, where tools use their defaults.
var homes = map[string][]string{
	"go-mod": {"~/go/pkg/mod"}, "go-build": {"~/.cache/go-build"}, "golangci-lint": {"~/.cache/golangci-lint"},
	"npm": {"~/.npm"}, "pnpm": {"~/.local/share/pnpm/store"}, "yarn": {"~/.cache/yarn"},
	"yarn-berry": {"~/.yarn/berry/cache"}, "bun": {"~/.bun/install/cache"}, "pip": {"~/.cache/pip"},
	"cargo": {"~/.cargo/registry", "~/.cargo/git"}, "pre-commit": {"~/.cache/pre-commit"},
}

// A store is what one step of GitHub Actions keeps between runs.
type store struct{ Paths, Locks []string }

// saved returns what is kept of the caches of a job; nil if nothing is.
func saved(caches []Cache) *store {
	var s store
	for _, c := range caches {
		if len(c.Locks) > 0 {
			s.Paths = append(s.Paths, homes[c.ID]...)
			s.Locks = append(s.Locks, c.Locks...)
		}
	}
	if len(s.Paths) == 0 {
		return nil
	}
	slices.Sort(s.Locks)
	s.Locks = slices.Compact(s.Locks)
	return &s
}

// Hash returns the expression of GitHub for the content of the lock files.
func (s store) Hash() string {
	all := make([]string, len(s.Locks))
	for i, name := range s.Locks {
		all[i] = "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return "${{ hashFiles(" + strings.Join(all, ", ") + ") }}"
}

// A key is one cache of GitLab, which takes at most two files for its key, and four caches for a job.
type key struct {
	Name  string
	Files []string
	IDs   []string
}

// keys returns the caches of a job for GitLab. Those with the same lock files are one, and more than two lock files are
// too many for a key: then the job alone is.
func keys(caches []Cache) (all []key) {
	for _, c := range caches {
		same := slices.IndexFunc(all, func(k key) bool { return slices.Equal(k.Files, c.Locks) })
		switch {
		case len(c.Locks) == 0:
		case same >= 0:
			all[same].IDs = append(all[same].IDs, c.ID)
		default:
			all = append(all, key{c.ID, c.Locks, []string{c.ID}})
		}
	}
	if len(all) > 4 {
		all = []key{{"all", slices.Concat(all[0].Files, all[1].Files, all[2].Files), slices.Concat(ids(all)...)}}
	}
	return all
}

func ids(all []key) (out [][]string) {
	for _, k := range all {
		out = append(out, k.IDs)
	}
	return out
}
