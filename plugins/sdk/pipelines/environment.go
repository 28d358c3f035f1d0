package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// compiling are the variables by which tools compile or test something else, wherever they are set.
const compiling = " RUSTFLAGS RUSTDOCFLAGS MIRIFLAGS CARGO_BUILD_TARGET CARGO_BUILD_RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC_BOOTSTRAP " +
	"GOOS GOARCH GOARM GOAMD64 GOEXPERIMENT GOFLAGS GOWORK GODEBUG CGO_ENABLED NODE_ENV NODE_OPTIONS BABEL_ENV PYTEST_ADDOPTS PYTEST_PLUGINS PYTHONOPTIMIZE PYTHONWARNINGS " +
	"DJANGO_SETTINGS_MODULE TZ "

// Variables that decide nothing about what a command tests: those of terminals, logs, caches, installs, accounts and services
// of pipelines, by their names, their beginnings and parts of them.
const (
	neutralNames = " CI OS TERM COLUMNS LINES HOME PATH USER SHELL PWD V Q VERBOSE DEBUG JOBS MAKEFLAGS MAKE GO CARGO NPM PYTHON PIP CC CXX AR LANG LC_ALL " +
		"DEBIAN_FRONTEND RUSTC_WRAPPER GOPATH GOBIN GOPROXY GOSUMDB GOPRIVATE GONOSUMDB GOTOOLCHAIN GOMAXPROCS GO111MODULE PYTHONUNBUFFERED " +
		"PYTHONPATH PYTHONDONTWRITEBYTECODE PYTHONFAULTHANDLER TOXENV SKIP HUSKY DISPLAY RUST_BACKTRACE RUST_TEST_THREADS RUST_MIN_STACK VIRTUAL_ENV GOGC SHELLOPTS "
	neutralBeginnings = "CARGO_TERM_ CARGO_NET_ CARGO_INCREMENTAL CARGO_HOME CARGO_HTTP_ CARGO_REGISTR RUSTUP_ SCCACHE_ CCACHE_ PIP_ UV_ POETRY_ PDM_ " +
		"PIPENV_ TOX_ NOX_ npm_ NPM_ YARN_ PNPM_ COREPACK_ CLICOLOR PY_COLORS COVERAGE COVERALLS_ CODECOV_ GITHUB_ GITLAB_ GH_ CI_ RUNNER_ ACTIONS_ " +
		"DOCKER_ BUILDKIT_ COMPOSE_ AWS_ AZURE_ SONAR_ SENTRY_ SEGMENT_ INSTALL_ HOMEBREW_ APT_ JAVA_ NX_ TURBO_ GIT_ SSH_"
	neutralParts = "TOKEN SECRET PASS KEY CREDENTIAL _VERSION CACHE COLOR LOG _DIR _PATH _HOME TIMEOUT RETR TELEMETRY ANALYTICS PROXY FORMAT REPORT ARTIFACT IMAGE REGISTRY REPO AGENT"
)

// Decides reports whether a variable that is set for a command may decide what it tests; one that is set for a whole job does
// so by its name.
func Decides(name string, own bool) bool {
	upper := strings.ToUpper(name)
	switch {
	case strings.Contains(compiling, " "+upper+" ") || strings.HasPrefix(upper, "CARGO_PROFILE_"):
		return true
	case !own || strings.Contains(neutralNames, " "+upper+" "):
		return false
	}
	for part := range strings.FieldsSeq(neutralParts) {
		if strings.Contains(upper, part) {
			return false
		}
	}
	for beginning := range strings.FieldsSeq(neutralBeginnings) {
		if strings.HasPrefix(upper, beginning) || strings.HasPrefix(name, beginning) {
			return false
		}
	}
	return true
}

// exportedBy returns the variables that a command sets for those behind it: "export GOFLAGS=-race".
func exportedBy(words []string) []string {
	if words[0] != "export" {
		return nil
	}
	return assignments(words)
}

// assignments returns the arguments of a command that set variables.
func assignments(words []string) (set []string) {
	for _, w := range words[1:] {
		if name, _, ok := strings.Cut(w, "="); ok && isKey(name) && !strings.HasPrefix(w, "-") {
			set = append(set, w)
		}
	}
	return set
}

// assignedIn returns the variables that a command passes to tasks as arguments: "make test TAGS=e2e".
func assignedIn(words []string) []string {
	if !slices.Contains([]string{"make", "gmake", "just", "task", "go-task"}, path.Base(words[0])) {
		return nil
	}
	set := assignments(words)
	for i, w := range words {
		if w == "--set" && i+2 < len(words) { // of just
			set = append(set, words[i+1]+"="+words[i+2])
		}
	}
	return set
}

// A variant is a script of a step with one choice of the values of its matrix.
type variant struct {
	script string
	env    []string
	own    int
}

// variantsOf returns the variants of a script, some of whose last variables are its own. A variable whose value the matrix
// has, and which decides what is tested, makes a variant of the whole script.
func variantsOf(script string, env []string, own int, matrix *yaml.Node) (all []variant) {
	varying, fixed := chosenByMatrix(env)
	_, ownFixed := chosenByMatrix(env[len(env)-own:])
	if len(varying) == 0 {
		for _, text := range expand([]string{script}, env, matrix) {
			all = append(all, variant{text, env, own})
		}
		return all
	}
	for _, text := range expandWhole([]string{strings.Join(varying, betweenVariables) + endOfVariables + script}, fixed, matrix) {
		head, rest, _ := strings.Cut(text, endOfVariables)
		set := append(slices.Clone(fixed), strings.Split(head, betweenVariables)...)
		all = append(all, variant{withVariables(rest, set), set, len(ownFixed) + len(varying)})
	}
	return all
}

// The marks around the variables that a script is read with.
const betweenVariables, endOfVariables = "\x01", "\x02"

// chosenByMatrix returns the variables that decide what is tested and whose values the matrix has, and the others.
func chosenByMatrix(env []string) (varying, fixed []string) {
	for _, v := range env {
		name, value, _ := strings.Cut(v, "=")
		if strings.Contains(value, "matrix.") && !strings.Contains(value, "\n") && Decides(name, true) {
			varying = append(varying, v)
		} else {
			fixed = append(fixed, v)
		}
	}
	return varying, fixed
}
