package app

import (
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// A written is a file with a report, as it is on the disk at one time.
type written struct {
	time time.Time
	size int64
}

// written returns the files of a step's reports that are on the disk, by their absolute paths.
func (r *reports) written(s runner.Step) map[string]written {
	found := map[string]written{}
	root, err := os.OpenRoot(r.root)
	if err != nil {
		return found
	}
	defer root.Close()
	for _, report := range s.Plan.Reports {
		if report.Path == "" {
			continue
		}
		for _, name := range tree.OnDisk(root, report.Path) {
			if info, err := root.Stat(name); err == nil {
				found[filepath.Join(r.root, filepath.FromSlash(name))] = written{info.ModTime(), info.Size()}
			}
		}
	}
	return found
}

// rewritten returns the files of a step's reports that it wrote: those that are not as they were before. An earlier run
// leaves files of tests that are no longer there, or that this run does not have. From a container the files may come as
// they were, since their result is known; then all count.
func (r *reports) rewritten(s runner.Step, before map[string]written) []string {
	now := r.written(s)
	all := slices.Sorted(maps.Keys(now))
	changed := slices.DeleteFunc(slices.Clone(all), func(name string) bool { return now[name] == before[name] })
	if len(changed) == 0 && s.Where == runner.InContainer {
		return all
	}
	return changed
}

// untested returns the folders with tests of which a step wrote no case into its reports. A file is of the folder that is the
// nearest one above it.
func (r *reports) untested(s runner.Step, before map[string]written) []string {
	left := slices.Clone(s.Plan.TestModules)
	if len(left) == 0 {
		return nil
	}
	for _, name := range r.rewritten(s, before) {
		data, err := regular.Read(name, regular.Lock)
		if n, _ := report.CountCases(data); err != nil || n.Total() == 0 {
			continue
		}
		rel, _ := filepath.Rel(r.root, name) // it is below
		of := nearest(s.Plan.TestModules, filepath.ToSlash(rel))
		left = slices.DeleteFunc(left, func(module string) bool { return module == of })
	}
	return left
}

// nearest returns the deepest of some folders that a file is in; "" if it is in none.
func nearest(dirs []string, name string) string {
	for dir := path.Dir(name); ; dir = path.Dir(dir) {
		if slices.Contains(dirs, dir) {
			return dir
		}
		if dir == "." {
			return ""
		}
	}
}

// countWritten counts the cases in the reports that a step wrote. Without any, it ran no test.
func (r *reports) countWritten(s runner.Step, before map[string]written, emit func(ui.Event)) (sum report.Counts) {
	for _, name := range r.rewritten(s, before) {
		if data, err := regular.Read(name, regular.Lock); err == nil {
			n, _ := report.CountCases(data)
			sum = sum.Plus(n)
			r.findings(s, plan.FormatJUnit, []byte(r.mask.Text(string(data))), emit)
		}
	}
	return sum
}
