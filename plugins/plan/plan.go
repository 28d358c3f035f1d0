// Package plan defines the data that a plugin and davit exchange: a plugin answers with a Plan, and davit
// checks it, shows it and runs it.
//
// A plan is a graph of steps, and targets that name them. It covers every target at once, so davit calls a
// plugin only once, and a step may need one of another target: "test" on a fresh clone needs the step that
// installs dependencies, which runs once even if several targets need it.
//
// A plan is pure data. It has no absolute paths, no "..", no time and no environment of a machine; every path
// in it is slash-separated and relative to the root of the project, whatever Dir a step runs in. Parse and
// Validate return an error with the name of the step for a plan that breaks these rules, so other packages
// can trust the types.
//
// The package imports the standard library only and may be imported by anyone.
package plan

import (
	"encoding/json"
	"slices"
	"strings"
)

// API is the version of the contract between davit and a plugin.
const API = 1

// A Request is the JSON object that davit writes to the standard input of a plugin.
type Request struct {
	// API is always 1.
	API int `json:"api"`
	// Project identifies the project.
	Project Project `json:"project"`
	// Config is the table "config" of [plugins.NAME] in project.toml, unchanged; absent without such a table.
	Config json.RawMessage `json:"config,omitempty"`
	// Files holds the content of the files that the manifest of the plugin lists under "reads", by path.
	Files map[string]string `json:"files,omitempty"`
}

// A Project identifies the project of a Request.
type Project struct {
	// Name of the project: "name" under [_] in project.toml, else the name of its folder.
	Name string `json:"name"`
	// Dir of the project relative to the root of its workspace; "." for a project on its own.
	Dir string `json:"dir"`
	// Workspace is the name of the workspace, empty for a project on its own.
	Workspace string `json:"workspace,omitempty"`
}

// A Plan is the answer of a plugin: one JSON object on its standard output.
type Plan struct {
	// API is always 1.
	API int `json:"api"`
	// Match is false if the project turns out not to be of this plugin's stack; all other fields are then
	// empty.
	Match bool `json:"match"`
	// Stack is the name of the stack: "go", "node".
	Stack string `json:"stack,omitempty"`
	// Summary describes the project in one line: "Go module example.com/shop (go 1.26)".
	Summary string `json:"summary,omitempty"`
	// Decisions are the choices that the plugin made, each with its reason: "npm, because of
	// package-lock.json".
	Decisions []string `json:"decisions,omitempty"`
	// Tools are the programs that steps need, by name.
	Tools map[string]Tool `json:"tools,omitempty"`
	// Steps are the commands, by id.
	Steps map[string]Step `json:"steps,omitempty"`
	// Targets name the steps of each target. The steps that these need run too.
	Targets map[string][]string `json:"targets,omitempty"`
	// About explains targets: the ones that the plan offers, and well-known ones that it does not.
	About map[string]About `json:"about,omitempty"`
	// Order says whether targets may run at the same time. "sequential" is for a task file, which does not
	// say what its targets read and write: the steps of a target start when the steps in the same folder of
	// all targets that were asked for before it have ended. They do not start if one of these failed, unless
	// both targets are checks. Steps of one target do not wait for each other, nor does an image for
	// anything. "parallel" is for targets that can run at once; their steps have needs where they cannot.
	// Absent, it is sequential for a plugin of authority "explicit", and parallel for another.
	Order Order `json:"order,omitempty" jsonschema:"enum=sequential,enum=parallel"`
	// DependsOn are the folders outside of the project whose code it uses, relative to its root, as its manifests
	// name them: "../lib". Their files decide the results of all steps.
	DependsOn []string `json:"depends_on,omitempty"`
	// Omitted are the parts of the project that targets leave out, although their names promise all of it. The
	// summary of a run of these targets names them.
	Omitted []Omission `json:"omitted,omitempty"`
}

// An Omission is a part of the project that a target leaves out.
type Omission struct {
	// Part that is left out, and why, in a few words: "tool (a Cargo workspace of its own)", "tests/tide.rs (it needs
	// the feature tide)".
	Part string `json:"part"`
	// Targets that leave it out, as the plan names them: ["build", "test-unit"].
	Targets []string `json:"targets"`
	// Words are those by which a task file would take it in, such as the build tag. A task file that works on all code of
	// the stack, and has none of them, leaves it out too.
	Words []string `json:"words,omitempty"`
	// Hint says how to take it in: "[plugins.rust] config = { features = [\"tide\"] }".
	Hint string `json:"hint,omitempty"`
}

// An Order is whether targets of a plan may run at the same time.
type Order string

// The orders.
const (
	Sequential Order = "sequential"
	Parallel   Order = "parallel"
)

// An About explains one target of a plan.
type About struct {
	// Summary is one line of help, for a target of the project's own.
	Summary string `json:"summary,omitempty"`
	// Why is the reason for how the target is made or, for a target that is not offered, why it is absent.
	Why string `json:"why,omitempty"`
	// Source is where the project defines it, as file or file:line: "Makefile:12". A target that the
	// convention does not know and that has no source is one that nobody can have meant: davit warns about
	// it.
	Source string `json:"source,omitempty"`
	// Includes are the other targets of the plan that this one runs by itself, such as the prerequisites of
	// "check" in a Makefile. Where the target is one part of an aggregate, they are not run again.
	Includes []string `json:"includes,omitempty"`
	// Scope is the part of the project that the target works on, if it is known not to be all of it. Another plugin
	// then provides the target for folders that it does not enter, and the summary names what else it leaves out.
	Scope *Scope `json:"scope,omitempty"`
}

// A Scope is a part of a project: all that is in some folders, and all of some stacks.
type Scope struct {
	// Folders that the target enters: ["back"].
	Folders []string `json:"folders,omitempty"`
	// Stacks whose tools it calls at the root of the project, as plans of their plugins name them: ["go"].
	Stacks []string `json:"stacks,omitempty"`
}

// Covers reports whether a folder with code of a stack is in the scope; "." is the root. A nil Scope covers all.
func (s *Scope) Covers(stack, dir string) bool {
	return s == nil || slices.Contains(s.Stacks, stack) ||
		slices.ContainsFunc(s.Folders, func(f string) bool { return dir == f || strings.HasPrefix(dir, f+"/") })
}

// A Tool is a program that steps need.
type Tool struct {
	// Version is the constraint on the version, as npm and Cargo write them: ">=1.26", "^20 || ^22"; empty
	// accepts any.
	Version string `json:"version,omitempty"`
	// Check is the command that prints the version: a program, by its name, and one flag, ["go", "version"] or
	// ["cargo", "clippy", "--version"]. The first dotted number of its output is the version. It is run in order to
	// look, outside of the project, and not if the program is in the project.
	Check []string `json:"check,omitempty"`
	// Image is the container image that has the tool: the newest one that the project's constraint accepts.
	Image string `json:"image,omitempty"`
	// Install says how to install the tool, in one short sentence or command.
	Install string `json:"install,omitempty"`
	// Runtime is the interpreter or toolchain that the tool is, or runs with, if a machine may have several
	// versions of it: one of Runtimes. On the host davit also looks for it where version managers keep theirs.
	Runtime string `json:"runtime,omitempty" jsonschema:"enum=node,enum=python,enum=rust"`
	// Pin is the version of Runtime that the project chooses: a version ("22.13.0", "3.12"), a constraint in the
	// syntax of Version, or a channel of Rust ("nightly-2026-01-01"). Another version is no error, unlike one that
	// Version does not accept: the step runs in a container or, without one, on the host with a warning.
	Pin string `json:"pin,omitempty"`
	// PinnedBy is the file that chooses it, as messages name it: ".python-version".
	PinnedBy string `json:"pinned_by,omitempty"`
}

// The runtimes that a tool may be, or run with.
const (
	RuntimeNode   = "node"
	RuntimePython = "python"
	RuntimeRust   = "rust"
)

// Runtimes lists the runtimes.
var Runtimes = []string{RuntimeNode, RuntimePython, RuntimeRust}

// An Op is the kind of a step.
type Op string

// SettingGit stands among the settings of a step that asks git for the version.
const SettingGit = ".git"

// The operations.
const (
	// OpExec runs Argv.
	OpExec Op = "exec"
	// OpShell runs Script by sh, which stops at the first command that fails (sh -e).
	OpShell Op = "shell"
	// OpImage builds a container image.
	OpImage Op = "image"
	// OpPush pushes the images of the "image" steps that it needs to the registry of the project.
	OpPush Op = "push"
	// OpWrite writes Files. davit shows them as a diff first.
	OpWrite Op = "write"
)

// A Step is one command with its inputs, outputs and requirements.
type Step struct {
	// Op says which of Argv, Script, Image and Files is set.
	Op Op `json:"op" jsonschema:"enum=exec,enum=shell,enum=image,enum=push,enum=write"`
	// Argv is the command of an "exec" step: the program and its arguments. No shell interprets it.
	Argv []string `json:"argv,omitempty"`
	// Script is the POSIX script of a "shell" step, run with -e; what follows -- on the command line is "$@".
	Script string `json:"script,omitempty"`
	// Image describes the image of an "image" step.
	Image *Image `json:"image,omitempty"`
	// Files are the contents of a "write" step, by path.
	Files map[string]string `json:"files,omitempty"`
	// Dir is the folder that the command runs in; empty is the root of the project.
	Dir string `json:"dir,omitempty"`
	// Tool is the name of the tool, a key of Tools, that the command needs.
	Tool string `json:"tool,omitempty"`
	// Env is added to the environment of the command. In a step that an "image" step needs, "{os}" and
	// "{arch}" in a value are those of the image, as Go spells them ("linux", "arm64"); a step that asks for
	// one runs on the engine's own platform and builds for that of the image, any other runs on the platform
	// of the image.
	Env map[string]string `json:"env,omitempty"`
	// PassEnv names variables of the caller's environment that change what the command does: their values
	// count in the key of the result, and they reach the command in a container too.
	PassEnv []string `json:"pass_env,omitempty"`
	// Path lists folders of the project that come first in PATH, where they exist: "node_modules/.bin",
	// ".venv/bin".
	Path []string `json:"path,omitempty"`
	// Needs are the ids of the steps that must have succeeded before this one starts.
	Needs []string `json:"needs,omitempty"`
	// After are the ids of steps that must have ended before this one starts, successfully or not, if they
	// are part of the same run. Tests that may read what a build is writing come after it, but do not need
	// it.
	After []string `json:"after,omitempty"`
	// Environments are those of other plugins that the command uses, as a recipe of a Makefile may call programs of
	// node_modules. The steps of "init" that fill them are needed, and the folders of their programs are in Path.
	Environments []Environment `json:"environments,omitempty"`
	// Inputs are globs of the files that decide the result: "**/*.go", "docs/" (all below), "!**/*_gen.go"
	// (not these). None means every file of the project that git does not ignore.
	Inputs []string `json:"inputs,omitempty"`
	// Settings are files outside of the project that change what the command does, which davit looks for, since
	// a plugin cannot see them: "~/.npmrc" is in the user's home, "$GOENV" is a file that a variable names,
	// "$CARGO_HOME/config.toml" is in a folder that a variable names, and "../.cargo/config.toml" is a file of
	// that name in any folder above the project. A variable that is not set, or a missing file, is no error.
	// A name with a slash at its end is an environment, such as "../node_modules/": what is installed there counts, by
	// names and versions. ".git/info/exclude" is a file of git's own that all work trees share. SettingGit, ".git", is the commit that
	// is checked out, the branch, the tags and what is staged.
	Settings []string `json:"settings,omitempty"`
	// Consumes are files and folders of the project that the command reads and that another part of the project may
	// make: "web/dist/". The steps of "build" that make them, of any plugin, are needed. If it is not known what the
	// nearest build above them makes, that is the one.
	Consumes []string `json:"consumes,omitempty"`
	// Outputs are the files and folders ("bin/") that the command makes.
	Outputs []string `json:"outputs,omitempty"`
	// Provides describes the environment that the command fills, such as .venv or node_modules. The outputs are
	// then neither stored nor compared file by file: the step is up to date as long as what it is made from, and
	// what the environment says of itself, are as the command left them.
	Provides *Provides `json:"provides,omitempty"`
	// Caches are folders that the command keeps between runs.
	Caches []Cache `json:"caches,omitempty"`
	// UpToDate asks whether the command would do nothing. It is asked only for a step of a target that checks
	// something (effect "reads").
	UpToDate *UpToDate `json:"up_to_date,omitempty"`
	// Outdated asks what the command would move to newer versions; for a step of "upgrade".
	Outdated *Outdated `json:"outdated,omitempty"`
	// Interactive means that the command has the terminal to itself.
	Interactive bool `json:"interactive,omitempty"`
	// Timeout in seconds; 0 is none.
	Timeout int `json:"timeout,omitempty"`
	// Retry is how often a command that fails, or takes too long, is run again: 0 to 10.
	Retry int `json:"retry,omitempty"`
	// Services are Compose services that are started for this run and are healthy while the command runs. For
	// "postgres", POSTGRES_HOST and POSTGRES_PORT are the address of its first port, and DAVIT_POSTGRES_5432,
	// for example "127.0.0.1:32768", that of each port.
	Services []string `json:"services,omitempty"`
	// Reports are the machine-readable results that the command can leave, for --reports.
	Reports []Report `json:"reports,omitempty"`
	// TestRunner is one of the runners of which davit reads the totals that they print, so that a run can say how many
	// tests passed: pytest, node, jest, vitest, mocha, ava, bun, nextest, automake, phpunit, pest, nette-tester, ruby, deno, exunit,
	// prove, busted, dart, zig. Without it, davit counts the tests of a step whose first report is its standard output:
	// go-test-json, libtest, unittest or tap.
	TestRunner string `json:"test_runner,omitempty"`
	// TestModules are folders with tests, "api" or ".", in each of which reports of the step with a path are written if
	// tests of it run. If all others pass, the summary names those of which none ran.
	TestModules []string `json:"test_modules,omitempty"`
	// Selects means that there may be no test: the command runs those that a marker or a tag selects, or is told to pass
	// without any.
	Selects bool `json:"selects,omitempty"`
	// Secrets are passed to the command. They are not part of any key, log or image.
	Secrets []Secret `json:"secrets,omitempty"`
	// SSH passes the caller's SSH agent to the command: SSH_AUTH_SOCK.
	SSH bool `json:"ssh,omitempty"`
	// ReadOnly means that the command is known to change no file of the project, as "gofmt -l" and "ruff check
	// --no-fix" are. If a file changes while it runs beside others, it was one of them.
	ReadOnly bool `json:"read_only,omitempty"`
	// Hint is what may help if the command fails, in one short sentence.
	Hint string `json:"hint,omitempty"`
	// NoCache means that the result depends on more than Inputs, so the command always runs.
	NoCache bool `json:"no_cache,omitempty"`
	// NoCacheWhy says why, in a few words, for davit explain: "a Makefile does not say what it reads".
	NoCacheWhy string `json:"no_cache_why,omitempty"`
}

// An Environment names what the package manager of a stack installs for a folder of the project, or for the
// nearest one above it that has such an environment.
type Environment struct {
	// Stack is the name of the stack, as plans of its plugin have it: "node".
	Stack string `json:"stack"`
	// Dir is the folder; "." is the root of the project.
	Dir string `json:"dir"`
}

// A Provides describes an environment: a folder with the dependencies of the project, filled by a package
// manager. What it is made from are the inputs of the step (the lock file and the manifests), its settings, its
// tool, its command, and the variables that are named here.
type Provides struct {
	// Dir is the folder of the environment, or the file that stands for it, one of the outputs: ".venv/",
	// ".pnp.cjs". While a step fills it, no other step does, of this davit or of another one. Of the outputs, only
	// Dir must exist then.
	Dir string `json:"dir"`
	// Check is a command that exits 0 if what the command would install is there already. It changes nothing and
	// asks no network. The first line of its output is shown as the reason why the step is skipped. It is asked
	// only if something has changed since the command ran here, or if the command never did.
	Check []string `json:"check,omitempty"`
	// Variables are names of the caller's variables that decide what is installed. A "*" at the end stands for
	// the rest of a name: "PIP_*".
	Variables []string `json:"variables,omitempty"`
	// Disposable means that nothing in Dir is the user's own, so that it may be removed and made anew. Otherwise
	// it is removed only if it has the file ".davit", which is the mark of an environment that davit made.
	Disposable bool `json:"disposable,omitempty"`
	// Foreign are the files that other package managers leave in Dir: "node_modules/.yarn-integrity". An
	// environment with one of them has what another manager installed. If it is disposable, it is made anew.
	Foreign []string `json:"foreign,omitempty"`
	// Fresh means that the command would not end as in a clean clone if it found an environment, since it changes
	// what it finds, as one that applies patches does. A disposable environment is removed before each run.
	Fresh bool `json:"fresh,omitempty"`
	// Empty means that nothing is to be installed, and that the command removes what is left of an earlier
	// installation: Dir need not exist after it.
	Empty bool `json:"empty,omitempty"`
}

// An UpToDate asks whether a command would do nothing, as "make test" does if there is a folder of that name.
// A check that did nothing has checked nothing, so that its step fails.
type UpToDate struct {
	// Argv is a command that exits 0 if there is nothing to do: ["make", "-q", "test"]. What follows -- on
	// the command line is added to it.
	Argv []string `json:"argv"`
	// Files are the files and folders of which one must exist for this to be asked; none: it is always asked.
	Files []string `json:"files,omitempty"`
	// Hint is what a user can do about it, in one short sentence.
	Hint string `json:"hint,omitempty"`
}

// An Outdated asks what an upgrade would move.
type Outdated struct {
	// Argv is a command that prints a line for each version that would be moved, and changes nothing. It may use the network.
	// Its exit code counts only if no line is of the form of Line.
	Argv []string `json:"argv"`
	// Line is the form of such a line: "Updating {name} v{current} -> v{newest}". The line may have more before and behind.
	// What {name}, {current}, {newest} and {} stand for is not empty and has no space.
	Line string `json:"line"`
}

// A Secret is a value that a command needs and that davit does not store. The table [secrets] in project.toml
// defines the id.
type Secret struct {
	// ID names the secret.
	ID string `json:"id"`
	// Env is the variable that holds the value. Exactly one of Env and File is set.
	Env string `json:"env,omitempty"`
	// File is the variable that holds the path of a file with the value.
	File string `json:"file,omitempty"`
}

// A Cache is a folder that a tool keeps between runs. On the host, the tool uses its own default.
type Cache struct {
	// ID names the cache; steps that give the same id share it.
	ID string `json:"id"`
	// Path is the folder, relative to the root of the project. Exactly one of Path and Env is set.
	Path string `json:"path,omitempty"`
	// Env is the variable that tells the tool where the folder is: "GOCACHE".
	Env string `json:"env,omitempty"`
	// Value is the value of the variable, with "{cache}" for the folder: "-Dmaven.repo.local={cache}". Empty is the folder.
	Value string `json:"value,omitempty"`
}

// The report formats that davit reads.
const (
	FormatJUnit      = "junit"
	FormatGoTestJSON = "go-test-json"
	FormatTAP        = "tap"
	FormatLibtest    = "libtest"
	FormatUnittest   = "unittest"
	FormatSARIF      = "sarif"
	FormatCheckstyle = "checkstyle"
)

// Formats lists the report formats in the order in which messages and the schema name them.
var Formats = []string{
	FormatJUnit, FormatGoTestJSON, FormatTAP, FormatLibtest, FormatUnittest, FormatSARIF, FormatCheckstyle,
}

// The test runners of which davit reads the totals.
const (
	RunnerPytest   = "pytest"
	RunnerNode     = "node" // node --test
	RunnerJest     = "jest"
	RunnerVitest   = "vitest"
	RunnerMocha    = "mocha"
	RunnerAva      = "ava"
	RunnerBun      = "bun"
	RunnerNextest  = "nextest"
	RunnerPHPUnit  = "phpunit"
	RunnerPest     = "pest"
	RunnerNette    = "nette-tester"
	RunnerRuby     = "ruby" // RSpec, Minitest and test-unit, which one run of Rake may all have
	RunnerDeno     = "deno"
	RunnerExUnit   = "exunit"
	RunnerProve    = "prove" // and each other program that runs tests by Test::Harness of Perl
	RunnerBusted   = "busted"
	RunnerAutomake = "automake"
	RunnerDart     = "dart" // dart test and flutter test
	RunnerZig      = "zig"  // the summary of zig build
)

// TestRunners lists the test runners in the order in which messages and the schema name them.
var TestRunners = []string{
	RunnerPytest, RunnerNode, RunnerJest, RunnerVitest, RunnerMocha, RunnerAva, RunnerBun, RunnerNextest,
	RunnerAutomake,
	RunnerPHPUnit, RunnerPest, RunnerNette, RunnerRuby, RunnerDeno, RunnerExUnit, RunnerProve, RunnerBusted,
	RunnerDart, RunnerZig,
}

// A Report is a machine-readable result of a step.
type Report struct {
	// Format is one of junit, go-test-json, tap, libtest, unittest, sarif, checkstyle.
	Format string `json:"format"`
	// Path is the file that the command writes, relative to the root of the project; a glob may name several.
	Path string `json:"path,omitempty"`
	// Stdout means that the report is the standard output of the command. With neither Path nor Stdout, davit
	// chooses the file and replaces "{report}" in Args by its absolute path.
	Stdout bool `json:"stdout,omitempty"`
	// Args are added to Argv when reports are collected, and only then.
	Args []string `json:"args,omitempty"`
	// Env is added to the environment when reports are collected; "{report}" is replaced in the values.
	Env map[string]string `json:"env,omitempty"`
}

// An Image describes how a container image is built: from a Dockerfile, or by copying files of the project
// onto a base.
type Image struct {
	// Dockerfile is the path of the file. Exactly one of Dockerfile and Base is set.
	Dockerfile string `json:"dockerfile,omitempty"`
	// Context is the build context of the Dockerfile; empty is the root of the project.
	Context string `json:"context,omitempty"`
	// Target is the stage of the Dockerfile; empty is its last.
	Target string `json:"target,omitempty"`
	// Args are the build arguments of the Dockerfile.
	Args map[string]string `json:"args,omitempty"`
	// Contexts are the named contexts of the Dockerfile: folders of the project, or "docker-image://REF".
	Contexts map[string]string `json:"contexts,omitempty"`
	// Base is the image that the files are copied onto: "gcr.io/distroless/static-debian12".
	Base string `json:"base,omitempty"`
	// Copy lists the files and folders that go into the image.
	Copy []Copy `json:"copy,omitempty"`
	// Workdir is the folder that the container starts in.
	Workdir string `json:"workdir,omitempty"`
	// User that the container runs as.
	User string `json:"user,omitempty"`
	// Entrypoint of the container.
	Entrypoint []string `json:"entrypoint,omitempty"`
	// Cmd of the container.
	Cmd []string `json:"cmd,omitempty"`
	// Env of the container.
	Env map[string]string `json:"env,omitempty"`
	// Expose lists ports: "8080/tcp".
	Expose []string `json:"expose,omitempty"`
	// Healthcheck is the health check of the container; absent is that of Base, if it has one.
	Healthcheck *Healthcheck `json:"healthcheck,omitempty"`
}

// A Healthcheck is a command that an engine runs in a container at intervals. A number that is 0 is the
// engine's default.
type Healthcheck struct {
	// Argv is the command. It exits 0 if the container is healthy.
	Argv []string `json:"argv"`
	// Interval from one check to the next, in seconds.
	Interval int `json:"interval,omitempty"`
	// Timeout of a check, in seconds.
	Timeout int `json:"timeout,omitempty"`
	// StartPeriod is how many seconds a container may take to become healthy.
	StartPeriod int `json:"start_period,omitempty"`
	// Retries is how many checks in a row fail before the container is unhealthy.
	Retries int `json:"retries,omitempty"`
}

// A Copy is one file or folder that is copied into an image.
type Copy struct {
	// Of is the id of a needed step from whose folder the file is copied, as that step left it. Empty is the
	// project with the outputs of all needed steps.
	Of string `json:"of,omitempty"`
	// From is a path in the project; "." is all of it.
	From string `json:"from"`
	// To is an absolute path in the image.
	To string `json:"to"`
}
