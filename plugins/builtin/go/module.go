package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
)

// A module is one Go module.
type module struct {
	dir         string
	file        *modFile
	work        string // folder of the go.work that uses the module, or ""
	workOff     bool   // a go.work above it does not use the module
	vendored    bool
	folders     []*folder
	packages    []pkg
	tests       bool // some file is a test without build tags
	integration bool // some file is a test only with the tag "integration"
	// integrationFiles are those, unless there are too many test files to look at.
	integrationFiles []string
	// tagged are the files with tests that need build tags of the project's own, by these: "e2e", "e2e,slow".
	tagged map[string][]string
	embeds []string // the files and folders that packages embed, as far as others may make them
	out    string
}

// A pkg is a folder with Go files that are part of a build on Linux.
type pkg struct {
	dir  string
	main bool
}

// open returns the module of a folder with its packages.
func (r *repo) open(dir string) *module {
	m := &module{dir: dir, file: parseMod(r.tree.read(path.Join(dir, "go.mod")))}
	m.workOff = r.workOf(dir) != "" && !r.used[dir]
	if r.used[dir] {
		m.work = r.workOf(dir)
	}
	m.vendored = r.tree.at[dir].hasDir("vendor") || m.work != "" && r.tree.at[m.work].hasDir("vendor")
	m.folders = r.source[dir]
	for _, f := range m.folders {
		r.inspect(m, f)
	}
	m.embeds = r.embeds(m)
	m.out = r.tree.outDir(dir)
	return m
}

// moduleOf returns the folder of the module that a folder belongs to, or "".
func (t *tree) moduleOf(dir string) string {
	for ; ; dir = path.Dir(dir) {
		if f := t.at[dir]; f != nil && f.has("go.mod") {
			return dir
		}
		if dir == "." {
			return ""
		}
	}
}

// inspect adds the package of one folder, if its Go files make one.
func (r *repo) inspect(m *module, f *folder) {
	var sources, tests []string
	for _, file := range f.files {
		switch {
		case !strings.HasSuffix(file, ".go") || !builtOnLinux(file):
		case strings.HasSuffix(file, "_test.go"):
			tests = append(tests, file)
		default:
			sources = append(sources, file)
		}
	}
	name := r.packageName(m, f, sources)
	tested := r.inspectTests(m, f, tests)
	if name != "" || tested {
		m.packages = append(m.packages, pkg{dir: f.dir, main: name == "main"})
	}
}

// packageName returns the name of the package in a folder, from the first file that is part of a build.
func (r *repo) packageName(m *module, f *folder, files []string) string {
	slices.SortStableFunc(files, func(a, b string) int { return rank(a) - rank(b) })
	for _, file := range files {
		h := r.header(m, f, file)
		if h.pkg != "" && h.pkg != "documentation" && h.matches(r.config.Tags...) {
			return h.pkg
		}
	}
	return ""
}

// rank orders files by how few bytes of them have to be read.
func rank(file string) int {
	switch file {
	case "main.go":
		return 0
	case "doc.go": // its comment may be long
		return 2
	}
	return 1
}

// inspectTests reads the headers of test files until both kinds of tests are found for the module, and of more for tests
// with other build tags. It reports whether the folder has tests that are part of a plain build.
func (r *repo) inspectTests(m *module, f *folder, files []string) (tested bool) {
	for _, file := range files {
		if r.headers++; r.headers > maxHeaders && tested && m.tests && m.integration {
			m.integrationFiles = nil
			return true
		}
		h := r.header(m, f, file)
		switch plain := h.matches(r.config.Tags...); {
		case h.pkg == "":
		case plain:
			tested, m.tests = true, true
		case h.matches(append([]string{"integration"}, r.config.Tags...)...):
			m.integration = true
			m.integrationFiles = append(m.integrationFiles, path.Join(f.dir, file))
		default:
			m.addTagged(f, file, h.needed(r.config.Tags))
		}
	}
	return tested
}

// maxHeaders is how many test files of a project are looked at for build tags.
const maxHeaders = 1000

func (r *repo) header(m *module, f *folder, file string) header {
	return readHeader(r.tree.project, path.Join(f.dir, file), m.file.goLine == "" ||
		sdk.CompareVersions(m.file.goLine, "1.18") < 0)
}

// mains returns the folders of the main packages.
func (m *module) mains() (dirs []string) {
	for _, p := range m.packages {
		if p.main {
			dirs = append(dirs, p.dir)
		}
	}
	return dirs
}

// program returns the name that Go gives to the program of a main package.
func (m *module) program(dir string) string {
	return command(path.Join(m.file.module, relPath(dir, m.dir)))
}

// fetches reports whether the module needs another one that is not in the repository.
func (r *repo) fetches(m *module) bool {
	siblings := r.siblings(m)
	return slices.ContainsFunc(m.file.requires, func(name string) bool {
		sibling := slices.ContainsFunc(siblings, func(s *module) bool { return s.file.module == name })
		return !sibling && !m.file.replaces(name)
	})
}

// generated returns a folder beside a package that other tools write to, or "". The package may embed it and
// git may ignore it, so davit would not see it change.
func (r *repo) generated(m *module) string {
	for _, p := range m.packages {
		for _, name := range []string{"dist", "build", "out"} {
			dir := path.Join(p.dir, name)
			if f := r.tree.at[dir]; f != nil && (name == "dist" || f.has("index.html")) {
				return dir
			}
		}
	}
	return ""
}
