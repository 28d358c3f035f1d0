package app

import (
	"cmp"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// makeDir makes the folder of the reports. Git ignores one that davit makes in the project.
func (r *reports) makeDir() error {
	_, missing := os.Stat(r.dir)
	if err := os.MkdirAll(r.dir, 0o777); err != nil || missing == nil || !isBelow(r.root, r.dir) {
		return err
	}
	return os.WriteFile(filepath.Join(r.dir, ".gitignore"), []byte("*\n"), 0o666)
}

// isBelow reports whether a folder is in another one.
func isBelow(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && rel != "." && filepath.IsLocal(rel)
}

// globs returns the files that davit writes into a folder in the project. No result depends on them.
func (r *reports) globs() (all []string) {
	if r.dir == "" || !isBelow(r.root, r.dir) {
		return nil
	}
	names := []string{filepath.Join(r.dir, ".gitignore"), filepath.Join(r.dir, sarifFile)}
	for _, s := range r.plain {
		extension := report.Extension(s.Plan.Reports[0].Format)
		names = append(names, r.rawFile(s), r.file(s, extension), r.file(s, "-*"+extension))
	}
	for _, name := range names {
		rel, _ := filepath.Rel(r.root, name) // it is below
		all = append(all, filepath.ToSlash(rel))
	}
	slices.Sort(all)
	return all
}

// remember adds the files of reports of a run to those of earlier runs in this checkout, which no result depends on either.
func (p *Project) remember(store *cache.Store, globs []string) {
	key, known := cache.Key("reports", p.Root.Dir), []string(nil)
	store.Load(key, &known)
	all := slices.Concat(known, globs)
	slices.Sort(all)
	if p.reportFiles = slices.Compact(all); len(p.reportFiles) > len(known) {
		store.Save(key, p.reportFiles)
	}
}

// writing returns a Runner that writes the reports of results into the folder, also those of results that are reused.
func (r *reports) writing(next runner.Runner) runner.Runner { return reportWriter{next, r} }

type reportWriter struct {
	runner.Runner
	reports *reports
}

func (w reportWriter) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	var mu sync.Mutex
	var found []ui.Event
	result := w.Runner.Run(ctx, s, func(e ui.Event) {
		if e.Type == ui.EventFinding {
			mu.Lock()
			found = append(found, e)
			mu.Unlock()
		}
		emit(e)
	})
	others, err := w.reports.lint(s, result, found)
	for _, name := range slices.Sorted(maps.Keys(others)) {
		err = cmp.Or(err, os.WriteFile(filepath.Join(w.reports.dir, name), others[name], 0o666))
	}
	if err != nil {
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID, Text: "its report cannot be written: " + err.Error()})
	}
	return result
}
