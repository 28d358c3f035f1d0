package golang

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// isGoCheck reports whether a command of a pipeline compiles, tests or lints Go.
func isGoCheck(c pipelines.Call) bool {
	switch c.Program() {
	case "go":
		return len(c.Words) > 1 && slices.Contains([]string{"build", "test", "vet", "install", "tool", "run"}, c.Words[1])
	case "gotestsum", "golangci-lint", "staticcheck", "gofmt", "gofumpt", "golint", "revive":
		return true
	}
	return false
}

// isVet reports whether a command of a pipeline runs go vet, also by way of golangci-lint or a hook of pre-commit. The
// few checks that "go test" makes by itself are not it.
func isVet(c pipelines.Call) bool {
	if c.Program() == "go" && slices.ContainsFunc(c.Words, func(w string) bool {
		return strings.Contains(w, "golangci-lint")
	}) {
		return true
	}
	return c.Program() == "go" && len(c.Words) > 1 && c.Words[1] == "vet" ||
		strings.HasPrefix(c.Program(), "golangci-lint") || strings.HasPrefix(c.Program(), "go-vet") || c.Program() == "govet"
}

// runsVet reports whether "go vet" is part of style: where the configuration says so, where the pipelines call it, and where there is none that checks
// the project.
func (b *builder) runsVet() bool {
	if vet := b.repo.config.Vet; vet != nil {
		return *vet
	}
	p := b.repo.pipeline
	at := slices.IndexFunc(p.Calls, isGoCheck)
	if at < 0 || p.Hidden() || p.Runs(isVet) {
		return true
	}
	b.repo.decisions.Add("go vet is not part of style, because %s checks the project without it; vet = true in the configuration adds it", p.Calls[at].File)
	return false
}

// isLinter reports whether a command of a pipeline looks for faults of style.
func isLinter(c pipelines.Call) bool {
	return isVet(c) || slices.Contains([]string{"staticcheck", "revive", "golint"}, c.Program())
}

// formatters are the programs that format Go; some pipelines run them in the argument of another command.
var formatters = []string{"gofmt", "gofumpt", "goimports", "go fmt", "go-fmt", "go-imports"}

// isFormatter reports whether a command of a pipeline looks at the format.
func isFormatter(c pipelines.Call) bool {
	line := strings.Join(c.Words, " ")
	return strings.HasPrefix(line, "golangci-lint fmt") ||
		slices.ContainsFunc(formatters, func(name string) bool { return strings.Contains(line, name) })
}

// checksFormat reports whether the format is part of style: unless the pipeline looks for faults of style without it.
func (b *builder) checksFormat(f *program) bool {
	p := b.repo.pipeline
	at := slices.IndexFunc(p.Calls, isLinter)
	if at < 0 || p.Hidden() || f.from != "" || p.Runs(isFormatter) {
		return true
	}
	b.repo.decisions.Add("gofmt is not part of style, because %s checks the style without it", p.Calls[at].File)
	return false
}

// isGolangci reports whether a command of a pipeline runs golangci-lint.
func isGolangci(c pipelines.Call) bool { return c.Program() == "golangci-lint" }

// enters reports whether a command of Go in a pipeline runs in a folder.
func (r *repo) enters(dir string) bool {
	return r.pipeline.Runs(func(c pipelines.Call) bool {
		in := c.Dir
		if i := slices.Index(c.Words, "-C"); i >= 0 && i+1 < len(c.Words) {
			in = path.Join(in, c.Words[i+1])
		}
		return isGoCheck(c) && in == dir
	})
}

// takeTags takes the build tags that every test of all packages in the pipelines has, if the configuration has none,
// and says which tags others have.
func (r *repo) takeTags() {
	every, some, file := inCommon(r.wideTests(), tagsOf)
	if len(r.config.Tags) == 0 && len(every) > 0 {
		r.config.Tags = every
		r.decisions.Add("all commands have the build tags %s, because of %s; \"tags\" in the configuration chooses others",
			strings.Join(every, ", "), file)
	}
	some = slices.DeleteFunc(some, func(tag string) bool { return slices.Contains(r.config.Tags, tag) })
	slices.Sort(some)
	if some = slices.Compact(some); len(some) > 0 {
		r.decisions.Add("%s also tests with the build tags %s, which \"tags\" in the configuration adds", file,
			strings.Join(some, ", "))
	}
}

// inCommon returns what every one of some commands has, what some of them have, and the file of the last that has
// something.
func inCommon(calls []pipelines.Call, of func(pipelines.Call) []string) (every, some []string, file string) {
	for i, c := range calls {
		has := of(c)
		if i == 0 {
			every = has
		}
		every = slices.DeleteFunc(slices.Clone(every), func(one string) bool { return !slices.Contains(has, one) })
		if some = append(some, has...); len(has) > 0 {
			file = c.File
		}
	}
	return every, some, file
}

// wideTests returns the commands of the pipelines that run all tests of all packages.
func (r *repo) wideTests() (calls []pipelines.Call) {
	for _, c := range r.pipeline.Calls {
		isTest := c.Program() == "go" && len(c.Words) > 1 && c.Words[1] == "test" || c.Program() == "gotestsum"
		if isTest && slices.Contains(c.Words, "./...") && !slices.ContainsFunc(c.Words, isRunFilter) {
			calls = append(calls, c)
		}
	}
	return calls
}

// isRunFilter reports whether a word of a go command selects tests by their names.
func isRunFilter(word string) bool {
	name, _, _ := strings.Cut(word, "=")
	return name == "-run" || name == "--run"
}

// tagsOf returns the build tags of a go command.
func tagsOf(c pipelines.Call) []string {
	return slices.DeleteFunc(c.Tags(), func(tag string) bool { return !validTag(tag) })
}
