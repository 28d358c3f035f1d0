package golang

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// A repo is a repository with the modules to plan, and the decisions that led to them.
type repo struct {
	tree       *tree
	config     *config
	modules    []*module
	at         map[string]*module          // the modules by their folder
	works      map[string]*modFile         // go.work files by their folder
	used       map[string]bool             // folders of modules that the go.work above them uses
	members    map[string][]*module        // by the folder of a go.work, the modules that it uses
	tools      map[string][]*module        // those of them that name tools
	versions   func() (least, most string) // findVersions, once
	source     map[string][]*folder        // by the folder of a module, the folders in it
	pipeline   *pipelines.Pipeline
	otherStack func() bool // hasOtherStack, once
	headers    int         // how many test files were looked at
	left       []string    // folders of modules that support the others
	unused     []string    // modules that a go.work above does not use
	decisions  sdk.Decisions

	testFlags     []string // of every test
	raceElsewhere string   // the pipeline that also tests with the race detector, or ""
}

// newRepo chooses the modules and reads each of them.
func newRepo(t *tree, c *config) (*repo, error) {
	r := &repo{tree: t, config: c, at: map[string]*module{}, works: map[string]*modFile{}, used: map[string]bool{},
		members: map[string][]*module{}, tools: map[string][]*module{}, source: map[string][]*folder{}}
	r.versions = sync.OnceValues(r.findVersions)
	r.otherStack = sync.OnceValue(t.hasOtherStack)
	r.pipeline = pipelines.Read(t.project)
	r.takeTags()
	r.takeTestFlags()
	for _, f := range t.folders {
		if f.has("go.work") {
			r.works[f.dir] = parseMod(t.read(path.Join(f.dir, "go.work")))
		}
		dir := t.moduleOf(f.dir)
		r.source[dir] = append(r.source[dir], f)
	}
	for dir, work := range r.works {
		for _, use := range work.uses {
			if used := path.Join(dir, use); r.workOf(used) == dir {
				r.used[used] = true
			}
		}
	}
	dirs, err := r.choose(t.modules())
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		m := r.open(dir)
		if r.isTestInput(m) {
			r.decisions.Add("%s is an input of tests, because it has none itself; \"modules\" in the configuration names others", describeModule(dir))
			continue
		}
		if len(m.packages) == 0 {
			r.decisions.Add("%s has no package, so there is nothing to do in it", describeModule(dir))
			continue
		}
		r.modules, r.at[dir] = append(r.modules, m), m
	}
	r.group()
	if t.truncated {
		r.decisions.Add("only the upper %d folders were looked at", maxFolders)
	}
	return r, r.checkMain()
}

// choose returns the folders of the modules to plan: those in the configuration, else all that a go.work
// uses, else all, without modules that only support the others.
func (r *repo) choose(dirs []string) ([]string, error) {
	if len(r.config.Modules) > 0 {
		for _, dir := range r.config.Modules {
			if !slices.Contains(dirs, dir) {
				return nil, fmt.Errorf("[plugins.go] config: %q in \"modules\" is not the folder of a module",
					dir)
			}
		}
		return r.config.Modules, nil
	}
	var chosen, skipped []string
	for _, dir := range dirs {
		switch {
		case r.enters(dir) && (r.workOf(dir) == "" || r.used[dir]):
			chosen = append(chosen, dir)
		case sdk.Auxiliary(dir, excluded...):
			skipped = append(skipped, dir)
		case r.workOf(dir) != "" && !r.used[dir]:
			r.decisions.Add("%s is left out, since %s does not use it", describeModule(dir),
				path.Join(r.workOf(dir), "go.work"))
			r.unused = append(r.unused, dir)
		default:
			chosen = append(chosen, dir)
		}
	}
	if len(chosen) == 0 {
		return skipped, nil
	}
	r.left = skipped
	return chosen, nil
}

// isTestInput reports whether a module below a folder of tests is only read by them: it has no tests itself.
func (r *repo) isTestInput(m *module) bool {
	return len(r.config.Modules) == 0 && m.dir != "." && sdk.Auxiliary(path.Dir(m.dir), "test", "tests") && !m.tests && !m.integration &&
		len(m.tagged) == 0 && !r.enters(m.dir)
}

// leaveOutModules names the modules that support the others, unless there is nothing to build in them.
func (b *builder) leaveOutModules() {
	var dirs, all []string
	for _, m := range b.repo.modules {
		all = append(all, m.dir)
	}
	for _, dir := range b.repo.left {
		if m := b.repo.open(dir); len(m.packages) > 0 {
			dirs = append(dirs, dir)
		}
	}
	if all = append(all, dirs...); len(dirs) > 0 {
		hint := "\"modules\" in [plugins.go] config names the modules to work on"
		if len(all) <= 6 {
			hint = `[plugins.go] config = { modules = ["` + strings.Join(all, `", "`) + `"] }`
		}
		b.OmitUnless(lastParts(dirs), "examples, benchmarks and tools that are modules of their own ("+named(dirs)+")", hint, "build", "test-unit", "style")
	}
}

// lastParts returns the last part of each path.
func lastParts(dirs []string) (names []string) {
	for _, dir := range dirs {
		names = append(names, path.Base(dir))
	}
	return names
}

// leaveOutUnused names the modules that no go.work uses, unless there is nothing to build in them.
func (b *builder) leaveOutUnused() {
	dirs := slices.DeleteFunc(slices.Clone(b.repo.unused), func(dir string) bool { return len(b.repo.open(dir).packages) == 0 })
	if len(dirs) > 0 {
		b.Omit("modules that go.work does not use ("+named(dirs)+")", "go work use adds one, and modules in [plugins.go] config "+
			"names those to work on", "build", "test-unit", "style")
	}
}

// excluded are the folders, besides examples and benchmarks, whose modules are not taken for the project
// itself: tools, and copies of others.
var excluded = []string{"bench", "fixtures", "hack", "scripts", "tool", "tools", "third_party", "thirdparty", "3rdparty", "third-party"}

// workOf returns the folder of the go.work that Go uses in a folder, or "".
func (r *repo) workOf(dir string) string {
	for ; ; dir = path.Dir(dir) {
		if r.works[dir] != nil {
			return dir
		}
		if dir == "." {
			return ""
		}
	}
}

// siblings returns the modules that the go.work of m uses, m among them.
func (r *repo) siblings(m *module) []*module { return r.members[m.work] }

// withTools returns the siblings of m whose go.mod names tools.
func (r *repo) withTools(m *module) []*module { return r.tools[m.work] }

// group sorts the modules by the go.work that uses them.
func (r *repo) group() {
	for _, m := range r.modules {
		if m.work == "" {
			continue
		}
		r.members[m.work] = append(r.members[m.work], m)
		if len(m.file.tools) > 0 {
			r.tools[m.work] = append(r.tools[m.work], m)
		}
	}
}

func (r *repo) summary() string {
	version := ""
	if _, v := r.goVersions(); v != "" {
		version = " (go " + v + ")"
	}
	if m := r.modules[0]; len(r.modules) == 1 {
		return "Go module " + m.file.module + version
	} else if m.work != "" {
		return fmt.Sprintf("Go workspace of %d modules%s", len(r.modules), version)
	}
	return fmt.Sprintf("%d Go modules%s", len(r.modules), version)
}

// goVersions returns the oldest and the newest Go that modules require.
func (r *repo) goVersions() (least, most string) { return r.versions() }

// findVersions finds what goVersions returns.
func (r *repo) findVersions() (least, most string) {
	for _, m := range r.modules {
		line := ""
		for _, file := range []*modFile{m.file, r.works[m.work]} {
			if file != nil && file.goLine != "" &&
				(line == "" || sdk.CompareVersions(file.goLine, line) > 0) {
				line = file.goLine
			}
		}
		if line != "" && (least == "" || sdk.CompareVersions(line, least) < 0) {
			least = line
		}
		if line != "" && (most == "" || sdk.CompareVersions(line, most) > 0) {
			most = line
		}
	}
	return least, most
}

// goTool returns the go command as a tool. davit checks its version in the folder of each step, where Go
// since 1.21 switches to the version that the module requires. So the constraint is the lowest of all
// modules, while the image has to serve all of them. A toolchain line is only a suggestion and is ignored.
func (r *repo) goTool() plan.Tool {
	t := plan.Tool{Check: []string{"go", "version"}, Image: sdk.GoImage,
		Install: "see https://go.dev/doc/install"}
	least, version := r.goVersions()
	if least != "" {
		t.Version = ">=" + least
	}
	if parts := strings.Split(version, "."); len(parts) > 1 &&
		sdk.CompareVersions(version, sdk.NewestGo) > 0 &&
		sdk.CompareVersions(parts[0]+"."+parts[1], sdk.NewestGo) > 0 {
		t.Image = "golang:" + parts[0] + "." + parts[1]
	}
	if r.config.Image != "" {
		t.Image = r.config.Image
	}
	return t
}

// describeModule returns a module's folder for a sentence.
func describeModule(dir string) string {
	if dir == "." {
		return "the module"
	}
	return "the module in " + dir
}
