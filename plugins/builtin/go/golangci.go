package golang

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/devtools"
)

// A golangci is the use of golangci-lint by a module. A nil pointer means that the module does not use it.
type golangci struct {
	*program
	enabled []string // the linters that the configuration names
}

func (b *builder) golangci(m *module) *golangci {
	file := b.repo.tree.nearest(m.dir, ".golangci.yml", ".golangci.yaml", ".golangci.toml", ".golangci.json")
	found := b.repo.find(m, "golangci-lint")
	calls := b.repo.pipeline.Calls
	called := slices.IndexFunc(calls, isGolangci)
	if file == "" && found == nil && called < 0 {
		return nil
	}
	text := b.repo.tree.read(file)
	if found == nil {
		from := file
		if from == "" {
			from = calls[called].File
		}
		found = b.installed("golangci-lint", from, b.repo.golangciTool(file), "")
	}
	return &golangci{found, enabled(text)}
}

// What the configurations are searched for. A plugin that finds none does not compile them.
var (
	second = compiled(`(?m)^\s*"?version"?\s*[:=]\s*["']?2\b`)
	enable = compiled(`(?m)^\s*"?enable"?\s*[:=][ \t]*(?:#.*)?`)
	item   = compiled(`^\s*-\s*["']?([a-z0-9]+)`)
	words  = compiled(`[a-z0-9]+`)
)

// compiled returns a function that compiles an expression when it is called first.
func compiled(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// golangciTool returns the version that the project pins and that a configuration is for, or any of the latter.
// Neither version reads the other's configuration. Without a configuration any version serves, and the newest is brought.
func (r *repo) golangciTool(file string) plan.Tool {
	isSecond := second().MatchString(r.tree.read(file))
	pin, ok := r.pin(devtools.Tool{
		Name: "golangci-lint", Repository: "golangci/golangci-lint", Action: "golangci/golangci-lint-action",
		Accepts: func(version string) bool { return file == "" || strings.HasPrefix(version, "1.") != isSecond },
	}, file)
	t := plan.Tool{
		Version: "<2",
		Check:   []string{"golangci-lint", "version"},
		Image:   "golangci/golangci-lint:v1.64.8",
		Install: "go install github.com/golangci/golangci-lint/cmd/golangci-lint@v1.64.8",
	}
	if isSecond || file == "" && !(ok && strings.HasPrefix(pin.Version, "1.")) {
		t.Version, t.Image = ">=2", "golangci/golangci-lint:v2.15.0"
		t.Install = "go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@latest"
	}
	if ok {
		t.Version, t.Image = pin.Series(), "golangci/golangci-lint:v"+pin.Version
		before, _, _ := strings.Cut(t.Install, "@")
		t.Install = before + "@v" + pin.Version
	}
	return t
}

// enabled returns the linters that a configuration lists under "enable", in YAML, TOML or JSON.
func enabled(text string) (names []string) {
	for _, at := range enable().FindAllStringIndex(text, -1) {
		rest := text[at[1]:]
		if inline, ok := strings.CutPrefix(strings.TrimLeft(rest, " \t\r\n"), "["); ok {
			inline, _, _ = strings.Cut(inline, "]")
			names = append(names, words().FindAllString(inline, -1)...)
			continue
		}
		names = append(names, items(rest)...)
	}
	return names
}

// items returns the names of a YAML list, up to the first line that is not part of it.
func items(text string) (names []string) {
	for line := range strings.Lines(text) {
		found := item().FindStringSubmatch(line)
		plain := strings.TrimSpace(line)
		switch {
		case found != nil:
			names = append(names, found[1])
		case plain != "" && !strings.HasPrefix(plain, "#"):
			return names
		}
	}
	return names
}

// enabledAmong returns those of the wanted linters that the configuration lists.
func (g *golangci) enabledAmong(wanted ...string) (names []string) {
	for _, name := range wanted {
		if g != nil && slices.Contains(g.enabled, name) {
			names = append(names, name)
		}
	}
	return names
}

// golangciStep returns a step that runs golangci-lint. Without --allow-parallel-runners it would fail if it
// runs twice at once, as it does with several modules.
func (b *builder) golangciStep(m *module, g *golangci, flags ...string) plan.Step {
	argv := append(slices.Clone(g.argv), "run", "--allow-parallel-runners")
	if tags := b.repo.config.Tags; len(tags) > 0 {
		argv = append(argv, "--build-tags", strings.Join(tags, ","))
	}
	return plan.Step{
		Op:     plan.OpExec,
		Argv:   append(argv, flags...),
		Tool:   g.tool,
		Inputs: b.repo.inputs(m),
		Caches: []plan.Cache{sdk.GoModCache, sdk.GoBuildCache,
			{ID: "golangci-lint", Env: "GOLANGCI_LINT_CACHE"}},
	}
}
