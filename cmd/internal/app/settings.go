package app

import (
	"path"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/davit-dev/davit/plugins/sdk/pipelines"
)

// settings returns what decides, beside its tool and its paths, what a command tests, each as one text: options as
// "--target wasm32-wasip1", variables as "GOOS=js". What is computed is not known, and left out.
func settings(c pipelines.Call) (all []string) {
	words := plainWords(c)
	all = pythonOptions(c.Words)
	if options := decisiveOptions(words); options != nil {
		if words[0] == "go" {
			words = withoutSubstitutions(c.PlainWords()) // a value of a flag may have spaces
		}
		all = append(all, options(words)...)
		if unknown := c.UnknownExpression(); unknown != "" {
			all = append(all, unknown)
		}
	}
	for _, v := range decidingVariables(c) {
		all = append(all, settingOf(v[0], v[1])...)
	}
	all = append(all, toolchain(c.Words)...)
	if isTaskRunner(words[0]) {
		all = append(all, assigned(words)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// chosenToolchain is the variable that names the toolchain of a step of Rust.
const chosenToolchain = "RUSTUP_TOOLCHAIN"

// toolchain returns the toolchain that a command of Cargo chooses, unless it is the usual one: "+nightly".
func toolchain(words []string) []string {
	at := slices.Index(words, "cargo")
	if at < 0 || at+1 == len(words) {
		return nil
	}
	name := words[at+1]
	if !strings.HasPrefix(name, "+") || name == "+stable" || strings.ContainsAny(name, "${") {
		return nil
	}
	return []string{name}
}

// decidingVariables returns the names and values of the variables by which a command tests something else.
func decidingVariables(c pipelines.Call) (all [][2]string) {
	for i, v := range c.Env {
		name, value, _ := strings.Cut(v, "=")
		own := i >= len(c.Env)-c.Own && !onlyStyle(c)
		known := !strings.Contains(value, "$") && len(settingOf(name, value)) > 0
		if c.Variable(name) == value && (known && pipelines.Decides(name, own) || isUnknown(name, value)) {
			all = append(all, [2]string{name, value})
		}
	}
	return all
}

// isUnknown reports whether tools compile or test something else by a variable whose value only the service knows:
// "GOFLAGS=${{ inputs.flags }}".
func isUnknown(name, value string) bool {
	return pipelines.IsUnknown(value) && pipelines.Decides(name, false)
}

// onlyStyle reports whether a command is a check of style, whose tool a variable that is not known does not change.
func onlyStyle(c pipelines.Call) bool {
	return len(c.Checks(pipelines.Style)) > 0 && len(c.Checks(pipelines.Test)) == 0
}

func isTaskRunner(program string) bool {
	return slices.Contains([]string{"make", "gmake", "just", "task", "go-task"}, path.Base(program))
}

// assigned returns the variables that a task runner is given as arguments, as far as they decide.
func assigned(words []string) (all []string) {
	for _, w := range words {
		if name, value, ok := strings.Cut(w, "="); ok && !strings.HasPrefix(w, "-") && !strings.Contains(value, "$") && pipelines.Decides(name, true) {
			all = append(all, settingOf(name, value)...)
		}
	}
	return all
}

// plainWords returns the words of a command without programs around it.
func plainWords(c pipelines.Call) []string {
	words := strings.Fields(c.Plain())
	if len(words) == 0 {
		return c.Words
	}
	return words
}

// settingOf returns what a variable decides. Flags of rustc count as far as they change the code that is compiled; a value
// that is that of the machine, or what a tool sets by itself, decides nothing.
func settingOf(name, value string) []string {
	switch usual, known := usualValues()[name]; {
	case isUnknown(name, value):
		return []string{name + "=" + value}
	case value == "" || known && slices.Contains(usual, value):
		return nil
	case strings.HasSuffix(name, "RUSTFLAGS"), name == "RUSTDOCFLAGS":
		return compilerFlags(value)
	case name == "GOFLAGS":
		return goOptions(append([]string{"go"}, strings.Fields(value)...))
	case name == "CARGO_BUILD_TARGET":
		return triple(value)
	case strings.Contains(value, "://"):
		value = anAddress
	}
	return []string{name + "=" + value}
}

// anAddress stands for the address of a service.
const anAddress = "…"

// usualValues returns the values of variables that machines and tools have by themselves.
func usualValues() map[string][]string {
	return map[string][]string{"GOOS": {runtime.GOOS}, "GOARCH": {runtime.GOARCH}, "GOAMD64": {"v1"}, "CGO_ENABLED": {"1"}, "NODE_ENV": {"test"},
		"BABEL_ENV": {"test"}, "TZ": {"UTC"}, "PYTHONWARNINGS": {"default"}}
}

// compilerFlags returns the flags of rustc by which it compiles other code: not those of lints, links and reports.
func compilerFlags(value string) (all []string) {
	words := strings.Fields(value)
	for i := 0; i < len(words); i++ {
		flag, rest := words[i], ""
		if short := strings.HasPrefix(flag, "-") && !strings.HasPrefix(flag, "--") && len(flag) > 2; short {
			flag, rest = flag[:2], flag[2:]
		} else if name, value, joined := strings.Cut(flag, "="); joined {
			flag, rest = name, value
		} else if i+1 < len(words) {
			i++
			rest = words[i]
		}
		option, _, _ := strings.Cut(rest, "=")
		counts := slices.Contains([]string{"target-cpu", "target-feature", "overflow-checks", "debug-assertions", "panic", "opt-level"}, option)
		if flag == "--cfg" || flag == "-Z" || flag == "-C" && counts {
			all = append(all, "RUSTFLAGS="+flag+" "+rest)
		}
	}
	return all
}

// decisiveOptions returns the function that finds the options of a tool which decide what it tests; nil for a tool without.
func decisiveOptions(words []string) func([]string) []string {
	switch program, second := path.Base(words[0]), words[min(1, len(words)-1)]; {
	case program == "cargo" && (second == "fmt" || len(words) < 2):
		return nil
	case program == "cargo":
		return cargoOptions
	case program == "go", program == "gotestsum":
		return goOptions
	case slices.Contains(words, "pytest") || program == "py.test":
		return pytestOptions
	case slices.Contains(nodeRunners, program):
		return nodeOptions
	}
	return nil
}

// cargoOptions returns the options of Cargo that choose a target, a profile or a configuration, and the lints that clippy
// denies. Whether code compiles does not depend on the profile.
func cargoOptions(words []string) (all []string) {
	if words[1] == "clippy" {
		all = denied(words)
	}
	runs := slices.Contains([]string{"test", "t", "nextest", "llvm-cov", "tarpaulin", "careful"}, words[1])
	eachOption(words, []string{"--target", "--profile", "--cargo-profile", "--config", "-Z"}, func(name, value string) {
		switch {
		case name == "--target":
			all = append(all, triple(value)...)
		case name == "--config", name == "-Z":
			all = append(all, name+" "+value)
		case runs && (name == "--release" || name == "-r"):
			all = append(all, "--release")
		case runs && strings.HasSuffix(name, "profile") && value != "dev" && value != "test" && words[1] != "nextest", runs && name == "--cargo-profile":
			all = append(all, "--profile "+value)
		}
	})
	return all
}

// denied returns the lints that the compiler denies by the arguments behind "--", each as "-D lint".
func denied(words []string) (all []string) {
	at := slices.Index(words, "--")
	if at < 0 {
		return nil
	}
	behind := words[at:]
	for i, w := range behind {
		flag, lint, joined := strings.Cut(w, "=")
		if short := strings.HasPrefix(w, "-D") || strings.HasPrefix(w, "-F"); short && len(w) > 2 {
			flag, lint, joined = w[:2], w[2:], true
		}
		if !joined && i+1 < len(behind) {
			lint = behind[i+1]
		}
		if slices.Contains([]string{"-D", "--deny", "-F", "--forbid"}, flag) && !strings.Contains(lint, "$") {
			all = append(all, "-D "+lint)
		}
	}
	return all
}

// triple returns the target of a compiler as a setting, unless it is that of the machine.
func triple(value string) []string {
	machine := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}[runtime.GOARCH] + "-" +
		map[string]string{"linux": "unknown-linux-gnu", "darwin": "apple-darwin", "windows": "pc-windows-msvc"}[runtime.GOOS]
	if value == machine || strings.Contains(value, "$") {
		return nil
	}
	return []string{"--target " + value}
}

// goOptions returns the options of go by which it compiles something else, or runs each test more than once; build tags are
// compared by themselves.
func goOptions(words []string) (all []string) {
	others := []string{"-gcflags", "-asmflags", "-exec", "-modfile", "-overlay", "-compiler", "-buildmode", "-toolexec"}
	tests := len(words) > 1 && words[0] == "go" && words[1] == "test"
	if at := slices.IndexFunc(words, isArgs); at >= 0 && tests {
		own := slices.DeleteFunc(slices.Clone(words[at+1:]), func(w string) bool { return strings.HasPrefix(w, "-test.") || strings.Contains(w, "$") })
		if words = words[:at]; len(own) > 0 {
			all = append(all, "-args "+strings.Join(own, " "))
		}
	}
	eachOption(words, slices.Concat(others, valuedFlags()), func(name, value string) {
		switch name = "-" + strings.TrimLeft(name, "-"); {
		case slices.Contains([]string{"-race", "-msan", "-asan"}, name) && value != "false":
			all = append(all, name)
		case slices.Contains(others, name), repeats(name, value), tests && isOwnFlag(name) && !strings.Contains(value, "$"):
			all = append(all, strings.TrimSuffix(name+"="+value, "="))
		}
	})
	return all
}

// withoutSubstitutions returns words without those in "$(…)".
func withoutSubstitutions(words []string) (rest []string) {
	in := false
	for _, w := range words {
		if in = in || strings.Contains(w, "$("); !in {
			rest = append(rest, w)
		}
		in = in && !strings.HasSuffix(w, ")")
	}
	return rest
}

// isArgs reports whether a word of "go test" says that all behind it is for the program of the tests.
func isArgs(word string) bool { return word == "-args" || word == "--args" }

// valuedFlags are flags of go with a value, and plainFlags those without one, that compile nothing else.
var (
	valuedFlags = sync.OnceValue(func() []string {
		return strings.Fields("-run -skip -tags -timeout -count -cpu -p -C -o -mod -ldflags -gccgoflags -covermode -coverpkg -coverprofile -bench -benchtime -blockprofile " +
			"-blockprofilerate -cpuprofile -fuzz -fuzztime -fuzzminimizetime -list -memprofile -memprofilerate -mutexprofile -mutexprofilefraction " +
			"-outputdir -gocoverdir -parallel -shuffle -trace -vet -installsuffix -pgo -pkgdir")
	})
	plainFlags = sync.OnceValue(func() []string {
		return strings.Fields("-a -n -v -x -c -i -work -race -msan -asan -cover -json -short -failfast -fullpath -benchmem -trimpath -buildvcs -linkshared -modcacherw -artifacts")
	})
)

// isOwnFlag reports whether a flag of "go test" is one of the tests themselves.
func isOwnFlag(name string) bool {
	name = strings.Replace(name, "-test.", "-", 1)
	return !slices.Contains(valuedFlags(), name) && !slices.Contains(plainFlags(), name) && !strings.ContainsAny(name, "${")
}

// repeats reports whether an option of go test makes each test run more than once: "-count 2", "-cpu 1,4".
func repeats(name, value string) bool {
	times, err := strconv.Atoi(value)
	return name == "-count" && err == nil && times > 1 || name == "-cpu" && strings.Contains(value, ",")
}

// pytestNeutral are the options of pytest, and of its usual plugins, that change how it reports, how fast it runs and which
// of the tests come first, and those by which it selects tests, which are compared by themselves.
var pytestNeutral = sync.OnceValue(func() []string {
	return strings.Fields("-q --quiet -v --verbose -vv -vvv -x --exitfirst -s --capture -l --showlocals -n --numprocesses --dist --tb --maxfail --durations " +
		"--durations-min --color -r -ra -rA -rs -rx -rfE -rsx -rxs --cov --cov-report --cov-config --cov-append --cov-branch --no-cov --cov-context --junitxml " +
		"--junit-xml --junit-prefix --html --self-contained-html --timeout --timeout-method --reruns --reruns-delay --only-rerun --ff --lf --nf --sw --failed-first --last-failed " +
		"--strict --strict-markers --strict-config --no-header --no-summary --full-trace --disable-warnings --disable-pytest-warnings --basetemp " +
		"--cache-clear --benchmark-disable --benchmark-skip --import-mode --log-level --log-cli-level --show-capture --asyncio-mode --randomly-seed --random-order " +
		"--numprocesses --maxprocesses --max-worker-restart --instafail --pdb --report-log --github-report --showlocals --force-sugar --durations --profile -m -k --ignore --ignore-glob " +
		"--deselect --nbmake --doctest-modules --doctest-glob --splits --group --forked --junit_suite_name --code-highlight --hypothesis-show-statistics --collect-only --doctest-continue-on-failure")
})

// pytestOptions returns the options of pytest that choose a configuration, and those that pytest itself does not have: a
// project adds them to select tests.
func pytestOptions(words []string) (all []string) {
	at := max(slices.Index(words, "pytest"), slices.Index(words, "py.test"))
	eachOption(words[max(at, 0):], []string{"-c", "--config-file", "--rootdir", "-p", "-o", "--override-ini", "-W", "--pythonwarnings"}, func(name, value string) {
		short := len(name) > 2 && name[1] != '-' && strings.Trim(name[1:], "qvxslrafEPNnWn0123456789.auto") == ""
		switch {
		case short, slices.Contains(pytestNeutral(), name), name == "-p" && strings.HasPrefix(value, "no:"), strings.Contains(value, "$"):
		case name == "-W", name == "--pythonwarnings":
			all = append(all, warningsAsErrors(value)...)
		default:
			all = append(all, strings.TrimSpace(name+" "+value))
		}
	})
	return all
}

// pythonOptions returns the options of Python by which warnings are errors, or assertions count for nothing.
func pythonOptions(words []string) (all []string) {
	at := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(path.Base(w), "python") })
	if at < 0 {
		return nil
	}
	words = words[at:]
	for i, w := range words[1:] {
		value, joined := strings.CutPrefix(w, "-W")
		switch {
		case !strings.HasPrefix(w, "-") && !slices.Contains([]string{"-W", "-X"}, words[i]), w == "-m", w == "-c":
			return all
		case w == "-O", w == "-OO", w == "-b", w == "-bb":
			all = append(all, w)
		case w == "-W" && i+2 < len(words):
			all = append(all, warningsAsErrors(words[i+2])...)
		case joined:
			all = append(all, warningsAsErrors(value)...)
		}
	}
	return all
}

// warningsAsErrors returns a filter of warnings of Python as a setting if it makes them errors.
func warningsAsErrors(filter string) []string {
	if action, _, _ := strings.Cut(filter, ":"); action != "error" {
		return nil
	}
	return []string{"-W " + filter}
}

// nodeRunners are the test runners of Node.
var nodeRunners = []string{"jest", "vitest", "mocha", "ava", "playwright", "cypress", "node", "tsx", "tap"}

// nodeOptions returns the options of test runners of Node that choose an environment, a mode, or how modules are loaded, and
// those by which too little coverage fails; a configuration is part of what they do.
func nodeOptions(words []string) (all []string) {
	valued := []string{"--env", "--environment", "--browser", "--browser.name", "--mode", "--root", "--rootDir", "--dir", "--conditions", "--import", "--require", "-r", "--loader", "--unhandled-rejections"}
	eachOption(words, valued, func(name, value string) {
		switch {
		case slices.Contains(valued, name) && !strings.Contains(value, "$"):
			all = append(all, name+" "+value)
		case slices.Contains([]string{"--typecheck", "--typecheck.only", "--component", "--throw-deprecation"}, name), strings.HasPrefix(name, "--experimental-") && name != "--experimental-test-coverage":
			all = append(all, name)
		case isCoverageFloor(name):
			all = append(all, strings.TrimSuffix(name+"="+value, "="))
		}
	})
	return all
}

// isCoverageFloor reports whether an option of a test runner of Node makes too little coverage a failure.
func isCoverageFloor(name string) bool {
	return strings.HasPrefix(name, "--test-coverage-") && !strings.HasSuffix(name, "clude") ||
		strings.HasPrefix(name, "--coverage.thresholds") || name == "--coverageThreshold"
}

// eachOption calls a function for each option in front of "--", with its value if it is joined, or is one of those that have
// a value behind them.
func eachOption(words, valued []string, each func(name, value string)) {
	for i := 1; i < len(words) && words[i] != "--"; i++ {
		name, value, joined := strings.Cut(words[i], "=")
		if len(name) < 2 || name[0] != '-' {
			continue
		}
		if !joined && slices.Contains(valued, name) && i+1 < len(words) {
			i++
			value = words[i]
		}
		each(name, value)
	}
}

// exact are the beginnings of settings with which other code is compiled: tests without them are not run beside.
var exact = []string{"--target ", "RUSTFLAGS=", "GOOS=", "GOARCH=", "GOEXPERIMENT="}

// sameSettings reports whether a step has all settings of a command that the caller does not have by itself, and none by
// which it compiles other code.
func (d *done) sameSettings(s, c pipelines.Call) bool {
	has, wanted := settings(s), settings(c)
	if chosen := s.Variable(chosenToolchain); chosen != "" {
		has = append(has, "+"+chosen)
	}
	if d.hasCoverageFloor() && measuresCoverage(c) && !measuresCoverage(s) {
		return false
	}
	lacks := slices.ContainsFunc(wanted, func(one string) bool { return !slices.Contains(has, one) && !d.isSet(one) })
	return !lacks && !slices.ContainsFunc(has, func(one string) bool {
		return !slices.Contains(wanted, one) && slices.ContainsFunc(exact, func(p string) bool { return strings.HasPrefix(one, p) })
	})
}

// measuresCoverage reports whether a call of pytest measures what the tests cover.
func measuresCoverage(c pipelines.Call) bool {
	return slices.ContainsFunc(c.Words, func(w string) bool { return w == "--cov" || strings.HasPrefix(w, "--cov=") })
}

// hasCoverageFloor reports whether the configuration of coverage makes too little of it a failure.
func (d *done) hasCoverageFloor() bool {
	return slices.ContainsFunc([]string{"pyproject.toml", ".coveragerc", "setup.cfg", "tox.ini"}, func(name string) bool {
		text, _ := d.files.Read(name)
		return strings.Contains(text, "fail_under")
	})
}

// isSet reports whether a setting is a variable of the caller, which steps inherit, or decides nothing in this project. Any
// address of a service will do.
func (d *done) isSet(setting string) bool {
	name, value, ok := strings.Cut(setting, "=")
	if name == "GOWORK" && value == "off" {
		_, workspace := d.files.Read("go.work")
		return !workspace
	}
	if !ok || d.variable == nil {
		return false
	}
	return value == d.variable(name) || value == anAddress && d.variable(name) != ""
}
