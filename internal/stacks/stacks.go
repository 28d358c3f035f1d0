// Package stacks knows the manifests of stacks for which davit has no plugin, so that it can name the parts of a
// project that it leaves out.
package stacks

import (
	"path"
	"slices"
	"strings"
)

// A Stack is a kind of project: a build tool, a language, or both.
type Stack struct {
	// Name as its own documentation writes it: "Maven".
	Name string
	// Manifests are the names of files that mark such a project; "*.tf" is all of that extension.
	Manifests []string
	// Programs are those that work on such a project. A task file that calls one knows of it.
	Programs []string
	// Test is what its own documentation gives as the command that tests a project; "" if that depends on its
	// language.
	Test string
	// ByFolder says that a project is all such files of a folder, none of which has a name of its own.
	ByFolder bool
}

// all are the stacks, in the order in which messages name them.
var all = []Stack{
	{Name: "sbt", Manifests: []string{"build.sbt"}, Programs: []string{"sbt"}, Test: "sbt test"},
	{Name: ".NET", Manifests: []string{"*.sln", "*.slnx", "*.csproj", "*.fsproj", "*.vbproj"},
		Programs: []string{"dotnet", "msbuild"}, Test: "dotnet test"},
	{Name: "Erlang", Manifests: []string{"rebar.config"}, Programs: []string{"rebar3", "rebar"}, Test: "rebar3 eunit"},
	{Name: "Gleam", Manifests: []string{"gleam.toml"}, Programs: []string{"gleam"}, Test: "gleam test"},
	{Name: "Xcode", Manifests: []string{"project.pbxproj"}, Programs: []string{"xcodebuild", "fastlane"},
		Test: "xcodebuild test", ByFolder: true},
	{Name: "Bazel", Manifests: []string{"MODULE.bazel", "WORKSPACE.bazel", "WORKSPACE"},
		Programs: []string{"bazel", "bazelisk"}, Test: "bazel test //..."},
	{Name: "OCaml", Manifests: []string{"dune-project"}, Programs: []string{"dune", "opam"}, Test: "dune test"},
	{Name: "Nim", Manifests: []string{"*.nimble"}, Programs: []string{"nimble", "nim"}, Test: "nimble test"},
	{Name: "Crystal", Manifests: []string{"shard.yml"}, Programs: []string{"crystal", "shards"}, Test: "crystal spec"},
	{Name: "D", Manifests: []string{"dub.json", "dub.sdl"}, Programs: []string{"dub"}, Test: "dub test"},
	{Name: "Elm", Manifests: []string{"elm.json"}, Programs: []string{"elm", "elm-test"}, Test: "elm-test"},
	{Name: "R", Manifests: []string{"NAMESPACE"}, Programs: []string{"Rscript", "R"}, Test: "R CMD check ."},
	{Name: "Julia", Manifests: []string{"Project.toml"}, Programs: []string{"julia"},
		Test: "julia --project -e 'using Pkg; Pkg.test()'"},
	{Name: "Pulumi", Manifests: []string{"Pulumi.yaml"}, Programs: []string{"pulumi"}},
}

// byName has the number of the stack of each manifest, by its name or, for all of an extension, by "*.ext".
var byName = func() map[string]int {
	names := map[string]int{}
	for i, s := range all {
		for _, name := range s.Manifests {
			names[name] = i
		}
	}
	return names
}()

// of returns the number of the stack of which a file is a manifest.
func of(name string) (int, bool) {
	base := path.Base(name)
	if i, ok := byName[base]; ok {
		return i, true
	}
	i, ok := byName["*"+path.Ext(base)]
	return i, ok
}

// A Part is a project of a stack inside of another project.
type Part struct {
	*Stack
	// Manifest is its file, relative to the root and with slashes: "tools/Harbour.csproj".
	Manifest string
}

// Dir returns the folder of the part; "." is the root.
func (p Part) Dir() string { return path.Dir(p.Manifest) }

// Path returns what names the part: its manifest or, if that has no name of its own, its folder.
func (p Part) Path() string {
	if p.ByFolder {
		return p.Dir()
	}
	return p.Manifest
}

// String returns "tools/Harbour.csproj (.NET)".
func (p Part) String() string { return p.Path() + " (" + p.Name + ")" }

// Parts returns the projects of all stacks among the files of a project, ordered by stack, and those of one stack by
// path. One below another of the same stack is part of that. Other projects that tests and examples have for their own
// use are left out.
func Parts(files []string) (parts []Part) {
	found := make([][]Part, len(all))
	for _, name := range files {
		if i, ok := of(name); ok && !isMaterial(path.Dir(name)) {
			found[i] = append(found[i], Part{&all[i], name})
		}
	}
	for _, of := range found {
		parts = append(parts, outermost(of)...)
	}
	return parts
}

// outermost returns the parts of one stack that are in no folder of another one. Of several manifests in one folder
// the first one of the table counts.
func outermost(parts []Part) (outer []Part) {
	slices.SortStableFunc(parts, func(a, b Part) int {
		if d := strings.Compare(a.Dir()+"/", b.Dir()+"/"); d != 0 {
			return d
		}
		return rank(a) - rank(b)
	})
	for _, p := range parts {
		if !slices.ContainsFunc(outer, func(o Part) bool { return o.Dir() == "." || p.below(o.Dir()) }) {
			outer = append(outer, p)
		}
	}
	return outer
}

func (p Part) below(dir string) bool { return p.Dir() == dir || strings.HasPrefix(p.Manifest, dir+"/") }

// rank returns where the manifest of a part stands in its table.
func rank(p Part) int {
	base := path.Base(p.Manifest)
	return slices.IndexFunc(p.Manifests, func(name string) bool { return name == base || name == "*"+path.Ext(base) })
}

// material are the folders of what is not part of a project, but material for its tests, its readers or other projects.
var material = []string{"testdata", "fixture", "fixtures", "__fixtures__", "__tests__", "example", "examples", "sample",
	"samples", "demo", "demos", "test", "tests", "spec", "doc", "docs", "template", "templates", "vendor", "vendored", "third_party", "third-party",
	"external", "node_modules", "bench", "benches", "benchmark", "benchmarks"}

// isMaterial reports whether a folder, or one above it, is of material or hidden.
func isMaterial(dir string) bool {
	for name := range strings.SplitSeq(dir, "/") {
		name = strings.ToLower(name)
		if slices.Contains(material, name) || len(name) > 1 && name[0] == '.' {
			return true
		}
	}
	return false
}
