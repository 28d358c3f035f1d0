package app

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// unreached returns a sentence with the files of tests of Node that no call of a test runner reaches, in the folders where
// each call names files or patterns, if there are any.
func (d *done) unreached() []string {
	var missed []string
	for _, dir := range d.foldersByPattern() {
		var has []string
		for _, s := range d.calls {
			if testRunner(s.Call) != "" {
				has = append(has, d.testPaths(s.Call)...)
			}
		}
		for _, name := range d.testFiles(dir) {
			if isTestFile().MatchString(name) && d.belongsTo(dir, name) && !d.has(has, name) && !slices.Contains(missed, name) {
				missed = append(missed, name)
			}
		}
	}
	if len(missed) == 0 {
		return nil
	}
	return []string{"test does not run " + d.lists.of(missed) + ", which no file or pattern of its test scripts reaches"}
}

// isTestFile matches the names that only files of tests have.
var isTestFile = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\.(test|spec)\.[cm]?[jt]sx?$`) })

// foldersByPattern returns the folders with a package.json in which all calls of test runners of Node name what they run.
func (d *done) foldersByPattern() (dirs []string) {
	whole := map[string]bool{}
	for _, s := range d.calls {
		runs := testRunner(s.Call)
		if runs == "" || runs == "pytest" {
			continue
		}
		dir := s.Folder()
		whole[dir] = whole[dir] || len(d.testPaths(s.Call)) == 0 || len(s.Checks(pipelines.Test)) == 0
		if _, ok := d.files.Read(path.Join(dir, "package.json")); ok && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	return slices.DeleteFunc(dirs, func(dir string) bool { return whole[dir] })
}

// belongsTo reports whether a file of tests is one of a package: in no other package below it, and in no folder of examples
// or of what a build makes.
func (d *done) belongsTo(dir, name string) bool {
	below := path.Dir(name)
	if sdk.Auxiliary(below, supporting...) || slices.ContainsFunc(strings.Split(below, "/"), func(part string) bool {
		return slices.Contains([]string{"dist", "build", "out", "coverage", "e2e", "cypress", "playwright"}, part)
	}) {
		return false
	}
	for ; below != dir && below != "."; below = path.Dir(below) {
		if _, other := d.files.Read(path.Join(below, "package.json")); other {
			return false
		}
	}
	return true
}

// leavesOut reports whether a call of pytest leaves out what another one names: by --ignore, or since its configuration does
// not descend into a folder.
func (d *done) leavesOut(s pipelines.Call, paths []string) bool {
	var without []string
	for i, w := range s.Words {
		value, joined := strings.CutPrefix(w, "--ignore=")
		if w == "--ignore" && i+1 < len(s.Words) {
			value, joined = s.Words[i+1], true
		}
		if joined {
			without = append(without, path.Join(s.Dir, value))
		}
	}
	skipped := d.notEntered(s.Dir)
	named := d.testPaths(s)
	return slices.ContainsFunc(paths, func(one string) bool {
		inSkipped := slices.ContainsFunc(strings.Split(one, "/"), func(part string) bool { return slices.Contains(skipped, part) })
		return inSkipped && !slices.Contains(named, one) || slices.ContainsFunc(without, func(w string) bool { return one == w || strings.HasPrefix(one, w+"/") })
	})
}

var norecurseLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^norecursedirs\s*=\s*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)`)
})

// notEntered returns the names of the folders that the configuration of pytest does not descend into.
func (d *done) notEntered(dir string) []string { return d.setInPytest(dir, norecurseLine()) }
