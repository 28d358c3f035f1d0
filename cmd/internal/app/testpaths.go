package app

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// tests reports whether a step runs the tests that a command does: a call of pytest for other folders runs others.
func (d *done) tests(s, c pipelines.Call) bool {
	if !slices.Contains(c.Does(), "pytest") {
		return true
	}
	has := d.testPaths(s)
	if len(has) == 0 {
		has = d.testPathsSet(s.Dir)
	}
	return len(has) == 0 || !slices.ContainsFunc(d.testPaths(c), func(wanted string) bool {
		return !slices.ContainsFunc(has, func(one string) bool { return wanted == one || strings.HasPrefix(wanted, one+"/") })
	})
}

// withValue are options of pytest whose values may be paths.
var withValue = strings.Fields("-k -m -n -p -c -o --ignore --rootdir --cov --cov-config --cov-report --confcutdir --deselect --basetemp --junitxml --config-file")

// testPaths returns the files and folders that a call of pytest names.
func (d *done) testPaths(c pipelines.Call) (paths []string) {
	for i, w := range c.Words {
		name, _, _ := strings.Cut(w, "::")
		full := path.Join(c.Dir, name)
		if i == 0 || strings.HasPrefix(w, "-") || slices.Contains(withValue, c.Words[i-1]) || name == "pytest" {
			continue
		}
		if _, file := d.files.Read(full); file || len(d.files.List(full)) > 0 {
			paths = append(paths, full)
		}
	}
	return paths
}

var testpathsLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^testpaths\s*=\s*(\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)`)
})

// testPathsSet returns the folders that the configuration of pytest names.
func (d *done) testPathsSet(dir string) (paths []string) {
	for _, file := range []string{"pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"} {
		text, _ := d.files.Read(path.Join(dir, file))
		if found := testpathsLine().FindStringSubmatch(text); found != nil {
			for _, one := range strings.FieldsFunc(found[1], func(r rune) bool { return strings.ContainsRune(" \t\n,[]\"'", r) }) {
				paths = append(paths, path.Join(dir, one))
			}
			return paths
		}
	}
	return nil
}
