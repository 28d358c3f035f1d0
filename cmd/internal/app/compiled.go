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

// checks returns what a command checks of a kind. A build for another system, with other build tags or of targets that tests
// do not need is a test of whether these compile.
func (d *done) checks(c pipelines.Call, kind string) []string {
	does := c.Checks(kind)
	if len(does) == 0 && kind == pipelines.Test && !c.Compared {
		return d.compilesOther(c)
	}
	return does
}

// goCompiles is what builds, tests and vet of Go have in common.
const goCompiles = "go compile"

// compilesOther returns what a build does that compiles something which tests do not; nil for others.
func (d *done) compilesOther(c pipelines.Call) []string {
	words := plainWords(c)
	switch verb := words[min(1, len(words)-1)]; {
	case words[0] == "go" && (verb == "build" || verb == "install") && !strings.Contains(c.Plain(), "@"):
		if d.isForOthers(c) || linksOther(c) || slices.ContainsFunc(c.Tags(), d.isBuildTag) {
			return []string{goCompiles}
		}
	case words[0] == "cargo" && (verb == "build" || verb == "b" || slices.Contains(words, "--no-run")):
		if d.isForOthers(c) || compilesBenches(words) {
			return []string{"cargo check"}
		}
	}
	return nil
}

// isForOthers reports whether a command compiles for another system or processor than that of the machine.
func (d *done) isForOthers(c pipelines.Call) bool {
	return slices.ContainsFunc(settings(c), func(one string) bool {
		return strings.HasPrefix(one, "GOOS=") || strings.HasPrefix(one, "GOARCH=") || strings.HasPrefix(one, "--target ")
	})
}

// linksOther reports whether a build of Go makes something else than a program: a plugin, a library of C.
func linksOther(c pipelines.Call) bool {
	return slices.ContainsFunc(settings(c), func(one string) bool {
		mode, ok := strings.CutPrefix(one, "-buildmode=")
		return ok && !slices.Contains([]string{"default", "exe", "pie", "archive"}, mode)
	})
}

// compilesBenches reports whether a command of Cargo compiles benchmarks.
func compilesBenches(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return w == "--all-targets" || w == "--benches" || w == "--bench" || w == "bench" })
}

// spansBenches reports whether calls compile the benchmarks that a command does, or there are none.
func (d *done) spansBenches(calls []doneCall, c pipelines.Call) bool {
	return !compilesBenches(plainWords(c)) || slices.ContainsFunc(calls, func(s doneCall) bool { return compilesBenches(plainWords(s.Call)) }) || !d.hasBenches()
}

// hasBenches reports whether a package of Cargo has benchmarks.
func (d *done) hasBenches() bool {
	return d.inCrates(func(dir, manifest string) bool {
		return strings.Contains(manifest, "[[bench]]") || manifest != "" && len(d.files.List(path.Join(dir, "benches"))) > 0
	})
}

// buildConstraint matches the line of a file of Go that says when it is compiled.
var buildConstraint = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^//(?:go:build| \+build) .*$`) })

// isBuildTag reports whether a file of Go in the project is compiled with a build tag, or without it.
func (d *done) isBuildTag(tag string) bool {
	return !strings.Contains(tag, "$") && d.inSources([]string{".go"}, func(text string) bool {
		return slices.ContainsFunc(buildConstraint().FindAllString(text, -1), func(line string) bool {
			return slices.Contains(strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" !&|(),", r) }), tag)
		})
	})
}

// The most that is read of the sources of a project in order to find a name in them.
const maxSources, maxSourceBytes = 4000, 32 << 20

// inSources reports whether a source of the project, by the ends of their names, meets a condition.
func (d *done) inSources(ends []string, is func(text string) bool) bool {
	count, size := 0, 0
	for _, name := range d.names {
		if !slices.Contains(ends, path.Ext(name)) || sdk.Auxiliary(path.Dir(name), "vendor", "node_modules", "third_party") {
			continue
		}
		text, _ := d.files.Read(name)
		if count, size = count+1, size+len(text); count > maxSources || size > maxSourceBytes {
			return false
		}
		if is(text) {
			return true
		}
	}
	return false
}
