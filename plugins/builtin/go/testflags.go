package golang

import (
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// decisiveFlags are those flags of go test that decide which tests run, how, and whether they fail, and whether they have
// a value: https://pkg.go.dev/cmd/go#hdr-Testing_flags.
var decisiveFlags = map[string]bool{"race": false, "short": false, "msan": false, "asan": false,
	"timeout": true, "shuffle": true, "skip": true, "vet": true, "parallel": true, "cpu": true, "count": true}

// takeTestFlags takes the flags that every test of all packages in the pipelines has, and says which others have. The
// configuration decides on the race detector, if it says so.
func (r *repo) takeTestFlags() {
	every, some, file := inCommon(r.wideTests(), decisiveOf)
	if race := r.config.Race; race != nil {
		isRace := func(f string) bool { return f == "-race" }
		every, some = slices.DeleteFunc(every, isRace), slices.DeleteFunc(some, isRace)
		if *race {
			every = append(every, "-race")
		}
	}
	r.testFlags = every
	if len(every) > 0 && file != "" {
		r.decisions.Add("go test has the flags %s, because of %s; \"race\" in the configuration decides on -race", strings.Join(every, " "), file)
	}
	if slices.Contains(some, "-race") && !slices.Contains(every, "-race") {
		r.raceElsewhere = file
	}
}

// omitRace says that the pipelines also test with the race detector, and davit does not.
func (b *builder) omitRace() {
	if file := b.repo.raceElsewhere; file != "" {
		b.Omit("tests with the race detector, as "+file+" also runs them", "[plugins.go] config = { race = true }", "test-unit")
	}
}

// decisiveOf returns those flags of a test that count, each as "-name" or "-name=value".
func decisiveOf(c pipelines.Call) (flags []string) {
	for i, w := range c.Words {
		name, value, joined := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(w, "-"), "-"), "=")
		valued, decisive := decisiveFlags[name]
		switch {
		case !strings.HasPrefix(w, "-") || !decisive:
		case !valued && (!joined || value == "true"):
			flags = append(flags, "-"+name)
		case valued && !joined && i+1 < len(c.Words):
			flags = appendPlain(flags, name, c.Words[i+1])
		case valued && joined:
			flags = appendPlain(flags, name, value)
		}
	}
	return flags
}

// appendPlain appends a flag whose value is written out. A count of one is for the cache of go: each test runs once without it.
func appendPlain(flags []string, name, value string) []string {
	if strings.ContainsAny(value, "$`{") || name == "count" && value == "1" {
		return flags
	}
	return append(flags, "-"+name+"="+value)
}
