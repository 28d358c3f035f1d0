package app

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// spans reports whether calls of the same tool work together on all of the code that a command works on: packages of Go, and
// packages and kinds of tests of Cargo. Other tools span all below their folder.
func (d *done) spans(calls []doneCall, c pipelines.Call) bool {
	words := plainWords(c)
	switch {
	case c.Program() == "gotestsum", words[0] == "go" && len(words) > 1 && slices.Contains([]string{"test", "vet"}, words[1]):
		return spansGo(calls, c)
	case words[0] == "cargo" && isCargoTest(c.Does()):
		return spansKinds(calls, c) && d.spansPackages(calls, c)
	case words[0] == "cargo":
		return d.spansBenches(calls, c)
	}
	return true
}

func isCargoTest(does []string) bool { return slices.Contains(does, "cargo test") }

// spansGo reports whether calls of go work on all packages that a command names.
func spansGo(calls []doneCall, c pipelines.Call) bool {
	wanted, known := goPackages(c)
	var has []string
	for _, s := range calls {
		names, all := goPackages(s.Call)
		if !all {
			return true
		}
		has = append(has, names...)
	}
	return !known || !slices.ContainsFunc(wanted, func(one string) bool {
		return !slices.ContainsFunc(has, func(h string) bool { return hasPackages(h, one) })
	})
}

// hasPackages reports whether a pattern of packages has those of another one: "./..." has none that go passes over.
func hasPackages(pattern, other string) bool {
	below, deep := strings.CutSuffix(pattern, "/...")
	if !deep || pattern == other || below == strings.TrimSuffix(other, "/...") {
		return pattern == other || deep
	}
	rest, inside := strings.CutPrefix(other, below+"/")
	if below == "." {
		rest, inside = other, true
	}
	return inside && !slices.ContainsFunc(strings.Split(strings.TrimSuffix(rest, "/..."), "/"), isPassedOver)
}

// isPassedOver reports whether a pattern of packages does not come to a folder by its name.
func isPassedOver(folder string) bool {
	return folder == "testdata" || folder == "vendor" || strings.HasPrefix(folder, "_") || strings.HasPrefix(folder, ".") && folder != "."
}

// goPackages returns the patterns of the packages that a command of go names, as seen from the root of the project, and
// reports whether all of them are known.
func goPackages(c pipelines.Call) (names []string, known bool) {
	if c.Words[0] == "xargs" || c.Folder() == ".." {
		return nil, false
	}
	words := plainWords(c)
	for i, w := range words[1:] {
		previous := words[i]
		switch {
		case isArgs(previous):
			return orFolder(names, c), true
		case strings.ContainsAny(w, "$`") || w == "all", strings.HasSuffix(w, "...") && !strings.HasPrefix(w, "-") && !strings.HasPrefix(w, "."):
			return nil, false
		case slices.Contains([]string{"-coverpkg", "-coverprofile", "-o", "-C", "-run", "-skip", "-outputdir", "-exec"}, previous), !strings.HasPrefix(w, "."):
		default:
			names = append(names, packagePattern(c.Folder(), w))
		}
	}
	return orFolder(names, c), true
}

// orFolder returns the patterns of a command or, without any, its folder.
func orFolder(names []string, c pipelines.Call) []string {
	if len(names) == 0 {
		return []string{c.Folder()}
	}
	return names
}

// packagePattern returns a pattern as seen from the root of the project.
func packagePattern(dir, pattern string) string {
	if below, deep := strings.CutSuffix(pattern, "/..."); deep {
		return path.Join(dir, below) + "/..."
	}
	return path.Join(dir, pattern)
}

// kindsOfTests are the kinds of tests that options of Cargo choose.
var kindsOfTests = sync.OnceValue(func() map[string][]string {
	return map[string][]string{"--lib": {"lib"}, "--bins": {"bins"}, "--tests": {"lib", "bins", "tests"}, "--doc": {"doc"},
		"--all-targets": {"lib", "bins", "tests", "benches"}, "--benches": {"benches"}, "--examples": {"examples"}}
})

// spansKinds reports whether calls of Cargo run all kinds of tests that a command runs.
func spansKinds(calls []doneCall, c pipelines.Call) bool {
	var has []string
	for _, s := range calls {
		if !isCargoTest(s.Does()) {
			return true // it compiles all
		}
		has = append(has, testKinds(s.Call)...)
	}
	return !slices.ContainsFunc(testKinds(c), func(kind string) bool {
		family, _, _ := strings.Cut(kind, " ")
		return !slices.Contains(has, kind) && !slices.Contains(has, family)
	})
}

// testKinds returns the kinds of tests that a command of Cargo runs, "tests x" for one file. Those of benches count only
// where a command runs nothing else.
func testKinds(c pipelines.Call) (kinds []string) {
	words := plainWords(c)
	single := map[string]string{"--test": "tests", "--bin": "bins", "--bench": "benches", "--example": "examples"}
	eachOption(words, []string{"--test", "--bin", "--bench", "--example"}, func(name, value string) {
		if family := single[name]; family != "" {
			kinds = append(kinds, family+" "+value)
		}
		kinds = append(kinds, kindsOfTests()[name]...)
	})
	if len(kinds) > 1 {
		kinds = slices.DeleteFunc(kinds, func(kind string) bool { return kind == "benches" })
	}
	if len(kinds) == 0 {
		kinds = []string{"lib", "bins", "tests", "examples"}
		if len(words) > 1 && (words[1] == "test" || words[1] == "t") {
			kinds = append(kinds, "doc")
		}
	}
	return kinds
}

// spansPackages reports whether calls of Cargo work on all packages that a command names, or that are in its folder.
func (d *done) spansPackages(calls []doneCall, c pipelines.Call) bool {
	wanted := packagesNamed(c)
	if dir := c.Folder(); len(wanted) == 0 && dir != ".." {
		if name := d.crateIn(dir); name != "" {
			wanted = []string{name}
		}
	}
	all := slices.Contains(c.Words, "--workspace") || slices.Contains(c.Words, "--all")
	covers := func(name string) bool {
		return slices.ContainsFunc(calls, func(s doneCall) bool { return d.coversPackage(s.Call, name) })
	}
	if all && !slices.ContainsFunc(calls, func(s doneCall) bool { return d.coversWorkspace(s.Call) }) {
		return false
	}
	return !slices.ContainsFunc(wanted, func(name string) bool { return !covers(name) })
}

// packagesNamed returns the packages that a command of Cargo names.
func packagesNamed(c pipelines.Call) (names []string) {
	eachOption(plainWords(c), []string{"-p", "--package"}, func(name, value string) {
		if (name == "-p" || name == "--package") && !strings.ContainsAny(value, "$*") {
			names = append(names, value)
		}
	})
	return names
}

// crateIn returns the name of the package of Cargo in a folder, or "".
func (d *done) crateIn(dir string) string {
	text, _ := d.files.Read(path.Join(dir, "Cargo.toml"))
	table, _ := toml.Parse(text) // Cargo reports a fault
	name, _ := toml.Table(table, "package")["name"].(string)
	return name
}

// coversWorkspace reports whether a call of Cargo works on all packages of its workspace.
func (d *done) coversWorkspace(s pipelines.Call) bool {
	if slices.Contains(s.Words, "--workspace") || slices.Contains(s.Words, "--all") {
		return true
	}
	text, _ := d.files.Read(path.Join(s.Folder(), "Cargo.toml"))
	table, _ := toml.Parse(text)
	workspace := toml.Table(table, "workspace")
	if len(packagesNamed(s)) > 0 {
		return false
	}
	return table["workspace"] == nil || table["package"] == nil && workspace["default-members"] == nil
}

// coversPackage reports whether a call of Cargo works on a package.
func (d *done) coversPackage(s pipelines.Call, name string) bool {
	named := packagesNamed(s)
	excluded := false
	eachOption(plainWords(s), []string{"--exclude"}, func(option, value string) { excluded = excluded || option == "--exclude" && value == name })
	switch {
	case excluded:
		return false
	case len(named) > 0:
		return slices.Contains(named, name)
	}
	return d.coversWorkspace(s) || d.crateIn(s.Folder()) == name
}

// inWorkspace reports whether a folder with a Cargo.toml is a package of the workspace of a folder above it: a member, or a
// package that another one names by its path.
func (d *done) inWorkspace(root, dir string) bool {
	own, is := d.files.Read(path.Join(dir, "Cargo.toml"))
	text, _ := d.files.Read(path.Join(root, "Cargo.toml"))
	if !is || root == dir {
		return true
	}
	table, _ := toml.Parse(text)
	workspace, relative := toml.Table(table, "workspace"), strings.TrimPrefix(dir, root+"/")
	switch {
	case table["workspace"] == nil, strings.Contains(own, "[workspace]"), len(tree.Match(texts(workspace["exclude"]), []string{relative})) > 0:
		return false
	}
	return len(tree.Match(texts(workspace["members"]), []string{relative})) > 0 || strings.Contains(text, `path = "`+relative+`"`)
}

// texts returns the texts of a list.
func texts(list any) (all []string) {
	items, _ := list.([]any)
	for _, item := range items {
		if text, ok := item.(string); ok {
			all = append(all, text)
		}
	}
	return all
}
