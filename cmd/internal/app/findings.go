package app

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/davit-dev/davit/internal/report"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/runner"
)

// finder is a Runner that emits what a failed step says about lines of the project's files.
type finder struct {
	runner.Runner
	places *places
}

// Run runs a step. What its reports say comes as events, too.
func (f finder) Run(ctx context.Context, s runner.Step, emit func(ui.Event)) runner.Result {
	var mu sync.Mutex
	said := map[string]*report.Scanner{"stdout": f.places.scanner(s), "stderr": f.places.scanner(s)}
	var all []ui.Event
	result := f.Runner.Run(ctx, s, func(e ui.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Type == ui.EventFinding {
			all = append(all, e)
			return
		}
		if scanner := said[e.Stream]; e.Type == ui.EventOutput && scanner != nil {
			scanner.Add(e.Text)
		}
		emit(e)
	})
	if result.Status == ui.StatusFailed {
		all = append(all, f.places.events(s, append(said["stdout"].Findings(), said["stderr"].Findings()...))...)
		emitOnce(all, emit)
	}
	return result
}

// emitOnce emits findings, the first one of each line.
func emitOnce(all []ui.Event, emit func(ui.Event)) {
	seen := map[string]bool{}
	for _, e := range all {
		if key := fmt.Sprint(e.File, ":", e.Line); !seen[key] {
			seen[key] = true
			emit(e)
		}
	}
}

// places finds the files that tools name.
type places struct {
	project *Project
	once    sync.Once
	byBase  map[string][]string
	prefix  string // of the project in its repository

	testsOnce sync.Once
	tests     map[string][]string // the files with each test of Go
}

// scanner returns a scanner of the output of a step.
func (p *places) scanner(s runner.Step) *report.Scanner { return report.NewScanner(p.known(s)) }

// known returns a function that reports whether a step can mean a file of the project by a name.
func (p *places) known(s runner.Step) func(string) bool {
	return func(file string) bool { return len(p.of(s, report.Finding{File: file})) > 0 }
}

// events returns the events of findings. Of several packages with a file of a name, it may not be known which is meant.
func (p *places) events(s runner.Step, all []report.Finding) (events []ui.Event) {
	for _, found := range all {
		files := p.of(s, found)
		if len(files) != 1 {
			continue
		}
		e := ui.Event{Type: ui.EventFinding, Step: s.ID, File: p.inRepository(files[0]), Line: found.Line,
			Column: found.Column, Text: found.Message, Level: "error"}
		if found.Warning {
			e.Level = "warning"
		}
		events = append(events, e)
	}
	return events
}

func (p *places) read() {
	p.byBase = map[string][]string{}
	for _, file := range p.project.files {
		p.byBase[path.Base(file)] = append(p.byBase[path.Base(file)], file)
	}
	if above := repositoryAbove(p.project.Root.Dir); above != "" {
		prefix, _ := filepath.Rel(above, p.project.Root.Dir) // it is below
		p.prefix = filepath.ToSlash(prefix)
	}
}

// inRepository returns the path of a file of the project from the root of its repository.
func (p *places) inRepository(file string) string { return path.Join(p.prefix, file) }

// containerRoot is where steps in containers have the project.
const containerRoot = "/src/"

// of returns the files of the project that a step can mean by the name in a finding: the one that the name leads to from
// the folder of the step, or from the root, or otherwise those of that name, as tests of Go give it.
func (p *places) of(s runner.Step, f report.Finding) (files []string) {
	p.once.Do(p.read)
	name := filepath.ToSlash(f.File)
	if below, ok := strings.CutPrefix(name, filepath.ToSlash(p.project.Root.Dir)+"/"); ok {
		return p.named(below)
	}
	if below, ok := strings.CutPrefix(name, containerRoot); ok {
		return p.named(below)
	}
	if path.IsAbs(name) || filepath.IsAbs(f.File) {
		return nil
	}
	if files = append(p.named(path.Join(s.Plan.Dir, name)), p.named(path.Clean(name))...); len(files) > 0 {
		return files[:1]
	}
	best := 0
	for _, file := range p.byBase[path.Base(name)] {
		n := common(path.Dir(file), f.Package)
		if !strings.HasSuffix("/"+file, "/"+path.Clean(name)) || !strings.HasPrefix(file, s.Plan.Dir) || n < best {
			continue
		}
		if n > best {
			best, files = n, nil
		}
		files = append(files, file)
	}
	return files
}

// named returns the file of the project with a path, if there is one.
func (p *places) named(name string) []string {
	for _, file := range p.byBase[path.Base(name)] {
		if file == name {
			return []string{file}
		}
	}
	return nil
}

// common returns how many folders at the end of a path are those of a package of Go.
func common(dir, name string) (n int) {
	parts, last := strings.Split(name, "/"), strings.Split(dir, "/")
	for n < len(parts) && n < len(last) && parts[len(parts)-1-n] == last[len(last)-1-n] {
		n++
	}
	return n
}
