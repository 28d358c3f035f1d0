package project

import (
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// A Target is one [targets.NAME] table. With Run it is the project's own and beats every plugin. Without Run
// it adds Needs and Parts to the target of the plugins or, if there is none, consists of them.
type Target struct {
	// Summary is one line of help.
	Summary string `toml:"summary"`
	// Run is a POSIX shell script (a string) or a command (an array of strings).
	Run any `toml:"run" jsonschema:"oneof_type=string;array"`
	// Needs are targets that run first.
	Needs []string `toml:"needs"`
	// Parts are targets that run with it, side by side with what plugins have for it: no part waits for another one.
	Parts []string `toml:"parts"`
	// Inputs, Outputs, Dir, Env, PassEnv, Timeout and Interactive are those of a step of a plan.
	Inputs      []string          `toml:"inputs"`
	Outputs     []string          `toml:"outputs"`
	Dir         string            `toml:"dir"`
	Env         map[string]string `toml:"env"`
	PassEnv     []string          `toml:"pass_env"`
	Timeout     int               `toml:"timeout"`
	Interactive bool              `toml:"interactive"`
	// Consumes are files and folders that it reads and that another part of the project makes, as in a step of a plan.
	// Without Run they replace those of the provider's steps; an empty list is none.
	Consumes []string `toml:"consumes"`
	// Effect is reads, builds, writes, runs or ships. Absent, it is that of the convention; for a target that
	// the convention does not know, builds if there are outputs and writes otherwise.
	Effect string `toml:"effect" jsonschema:"enum=reads,enum=builds,enum=writes,enum=runs,enum=ships"`
	// Cache = false makes the command run always.
	Cache *bool `toml:"cache"`
	// Image is the image in which Run runs in a container.
	Image string `toml:"image"`
	// Secrets are values that are never stored, by variable: { NPM_TOKEN = "npm" } passes the value of
	// [secrets.npm], and { GOOGLE_APPLICATION_CREDENTIALS = { file = "gcp" } } the path of a file with that
	// of [secrets.gcp].
	Secrets map[string]any `toml:"secrets"`
	// SSH gives the command the caller's ssh agent.
	SSH bool `toml:"ssh"`
	// Services are Compose services that are up while it runs. Without Run they, Inputs, Outputs, Env, PassEnv,
	// Timeout, Cache, Secrets and SSH apply to the steps of the provider of the target.
	Services []string `toml:"services"`
	// EnvFile lists files of variables for the target, in place of those at the top; an empty list is none.
	EnvFile []string `toml:"env_file"`
	// Params are values that a caller gives by name, as in "davit release version=1.2": variables of Run.
	Params map[string]Param `toml:"params"`
	// Confirm is a question that is asked before anything runs: "Drop the database?".
	Confirm string `toml:"confirm"`
	// Hidden leaves the target out of lists and completion.
	Hidden bool `toml:"hidden"`
	// OS lists the systems on which the table counts; without it, all do.
	OS []string `toml:"os" jsonschema:"enum=linux,enum=macos,enum=windows,enum=freebsd,enum=netbsd,enum=openbsd"`
	// Retry is how often a command that fails is run again, at most 10 times.
	Retry int `toml:"retry" jsonschema:"minimum=0,maximum=10"`
}

// Changes reports whether the target, if it has no Run, changes the steps of the provider of the target.
func (t Target) Changes() bool {
	return t.Inputs != nil || t.Consumes != nil || t.Cache != nil || t.Timeout > 0 || t.SSH ||
		t.Retry > 0 || t.EnvFile != nil || len(t.Outputs)+len(t.Env)+len(t.PassEnv)+len(t.Services)+len(t.Secrets) > 0
}

// withoutRun returns the keys that are set and that mean nothing without Run.
func (t Target) withoutRun() (keys []string) {
	for key, set := range map[string]bool{"dir": t.Dir != "", "interactive": t.Interactive, "effect": t.Effect != "",
		"image": t.Image != "", "params": len(t.Params) > 0} {
		if set {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Step returns the step that the target runs; ok is false if it runs nothing of its own.
func (t Target) Step() (s plan.Step, ok bool) {
	s = plan.Step{
		Inputs: t.Inputs, Outputs: folders(t.Outputs), Dir: t.Dir, Env: t.Env, PassEnv: t.PassEnv, Timeout: t.Timeout,
		Services: t.Services, Interactive: t.Interactive, NoCache: t.Cache != nil && !*t.Cache, SSH: t.SSH,
		Secrets: t.StepSecrets(), Consumes: folders(t.Consumes), Retry: t.Retry,
	}
	if s.NoCache {
		s.NoCacheWhy = NeverCached
	}
	switch run := t.Run.(type) {
	case string:
		s.Op, s.Script = plan.OpShell, run
	case []any:
		s.Op, s.Argv = plan.OpExec, texts(run)
	default:
		return s, false
	}
	return s, true
}

// StepSecrets returns the secrets as those of a step.
func (t Target) StepSecrets() (all []plan.Secret) {
	for _, name := range slices.Sorted(maps.Keys(t.Secrets)) {
		switch id, file, ok := t.secretRef(name); {
		case ok && file:
			all = append(all, plan.Secret{ID: id, File: name})
		case ok:
			all = append(all, plan.Secret{ID: id, Env: name})
		}
	}
	return all
}

// OutputPaths returns the outputs as paths.
func (t Target) OutputPaths() []string { return folders(t.Outputs) }

// folders returns outputs with "dist/**", as other tools write a folder, as "dist/".
func folders(outputs []string) []string {
	plain := make([]string, len(outputs))
	for i, name := range outputs {
		plain[i] = strings.TrimSuffix(strings.TrimSuffix(name, "/*"), "**")
	}
	if len(plain) == 0 {
		return outputs
	}
	return plain
}

// at returns the key of a target, or of one of its keys.
func at(name, key string) []string {
	if key == "" {
		return []string{"targets", name}
	}
	return []string{"targets", name, key}
}

func texts(list []any) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i], _ = v.(string)
	}
	return out
}

func isText(v any) bool { _, ok := v.(string); return ok }

// reserved are the names of davit's own commands: a target of that name could not be called.
var reserved = []string{"targets", "explain", "audit", "completion", "version", "help", "engine", "lock"}

// Reserved reports whether a name is one of davit's own commands.
func Reserved(name string) bool { return slices.Contains(reserved, name) }

// EnvironmentCommand reports whether a name is that of a command for environments.
func EnvironmentCommand(name string) bool { return slices.Contains(environmentCommands, name) }

// environmentCommands are the names of the commands for environments. A project without environments may have
// such targets.
var environmentCommands = []string{"env", "plan", "deploy", "rollback", "releases", "status", "diff",
	"inspect", "logs", "exec", "open", "heal", "destroy"}

func (p *Project) targetFaults(name string, t Target) (faults []error) {
	fault := func(key, format string, args ...any) {
		faults = append(faults, p.Fault(at(name, key), "", format, args...))
	}
	if !plan.ValidTarget(name) || Reserved(name) {
		fault("", "%q cannot be the name of a target", name)
	}
	if len(p.Environments) > 0 && EnvironmentCommand(name) {
		fault("", "%q is davit's own where there are [environments], and no target", name)
	}
	switch run := t.Run.(type) {
	case nil:
		if len(t.Needs)+len(t.Parts) == 0 && !t.Changes() && t.Confirm == "" && !t.Hidden {
			fault("", "target %q has neither run nor needs, nor anything else that changes the target of a plugin", name)
		}
		for _, key := range t.withoutRun() {
			fault(key, "%s of %q needs run: without it the target is that of a plugin", key, name)
		}
	case string:
	case []any:
		if len(run) == 0 || slices.ContainsFunc(run, func(v any) bool { return !isText(v) }) {
			fault("run", "run of %q is an array, wanted one of strings: the program and its arguments", name)
		}
	default:
		fault("run", "run of %q is %v, wanted a string (a shell script) or an array of strings (a command)",
			name, run)
	}
	for _, output := range folders(t.Outputs) {
		if strings.ContainsAny(output, "*?") {
			fault("outputs", "outputs: %q is a pattern; name the files, or the folder that they are in", output)
		}
	}
	if t.Effect != "" && !slices.Contains([]string{"reads", "builds", "writes", "runs", "ships"}, t.Effect) {
		fault("effect", "effect = %q, wanted reads, builds, writes, runs or ships", t.Effect)
	}
	return slices.Concat(faults, p.secretUseFaults(name, t), p.paramFaults(name, t), p.osFaults(name, t), p.stepFaults(name, t))
}

// stepFaults returns the faults of the target's step as a plan, at its position in the file. Without Run, they are those of
// what it adds to the steps of a plugin.
func (p *Project) stepFaults(name string, t Target) (faults []error) {
	s, ok := t.Step()
	if !ok && (t.Run != nil || !t.Changes()) {
		return nil
	}
	if !ok {
		s.Op, s.Argv = plan.OpExec, []string{name}
	}
	one := plan.Plan{API: plan.API, Match: true, Steps: map[string]plan.Step{name: s}}
	if err := one.Validate(); err != nil {
		reason := strings.ReplaceAll(err.Error(), "step ", "target ")
		faults = append(faults, p.Fault([]string{"targets", name}, "", "%s", reason))
	}
	return faults
}

// NeverCached is why the result of a target with "cache = false" is not reused.
const NeverCached = File + " says cache = false"
