package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// faults returns the faults of the step itself, without those of its references.
func (s Step) faults() []string {
	var f []string
	f = append(f, s.opFaults()...)
	f = append(f, s.pathsFaults()...)
	f = append(f, s.envFaults()...)
	f = append(f, s.guardedFaults()...)
	for _, c := range s.Caches {
		f = append(f, c.faults()...)
	}
	for _, r := range s.Reports {
		f = append(f, r.faults()...)
	}
	if s.TestRunner != "" && !slices.Contains(TestRunners, s.TestRunner) {
		f = append(f, fmt.Sprintf("unknown test runner %q; known are %s", s.TestRunner,
			strings.Join(TestRunners, ", ")))
	}
	for _, name := range s.Settings {
		f = append(f, settingFaults(name)...)
	}
	for _, secret := range s.Secrets {
		f = append(f, secret.faults()...)
	}
	if s.Image != nil {
		f = append(f, s.Image.faults()...)
	}
	if s.Retry < 0 || s.Retry > maxRetry {
		f = append(f, fmt.Sprintf("retry is %d, wanted 0 to %d", s.Retry, maxRetry))
	}
	if s.Timeout < 0 || s.Timeout > maxTimeout {
		f = append(f, fmt.Sprintf("timeout is %d seconds, wanted 0 to %d, which is a day", s.Timeout, maxTimeout))
	}
	return f
}

// maxRetry is how often a command may be run again.
const maxRetry = 10

// maxTimeout is the longest timeout, in seconds: a day.
const maxTimeout = 24 * 60 * 60

// opFaults checks that the operation is known, and that its fields are set and no others.
func (s Step) opFaults() (faults []string) {
	if s.Op == OpPush && len(s.Needs) == 0 {
		faults = append(faults, `op "push" needs a step that assembles an image`)
	}
	set := map[Op]bool{OpPush: true, OpExec: len(s.Argv) > 0, OpShell: s.Script != "",
		OpImage: s.Image != nil, OpWrite: len(s.Files) > 0}
	key := map[Op]string{OpExec: "argv", OpShell: "script", OpImage: "image", OpWrite: "files"}
	if _, known := set[s.Op]; !known {
		return []string{fmt.Sprintf("unknown op %q; known are exec, shell, image, push, write", s.Op)}
	}
	for _, op := range []Op{OpExec, OpShell, OpImage, OpWrite} {
		if set[op] && op != s.Op {
			faults = append(faults, fmt.Sprintf("op %q does not go with %q", s.Op, key[op]))
		}
	}
	if !set[s.Op] {
		faults = append(faults, fmt.Sprintf("op %q needs %q", s.Op, key[s.Op]))
	}
	if strings.Contains(s.Script, "\x00") {
		faults = append(faults, "script has a NUL in it")
	}
	faults = append(append(faults, argvFaults("argv", s.Argv)...), s.Provides.faults(s.Outputs)...)
	return append(append(faults, s.UpToDate.faults()...), s.Outdated.faults()...)
}

// faults returns what is wrong with a question for newer versions.
func (o *Outdated) faults() (faults []string) {
	if o == nil {
		return nil
	}
	if len(o.Argv) == 0 {
		faults = append(faults, `outdated needs "argv"`)
	}
	for _, name := range []string{"{name}", "{current}", "{newest}"} {
		if !strings.Contains(o.Line, name) {
			faults = append(faults, fmt.Sprintf("outdated: line is %q, and lacks %s", o.Line, name))
		}
	}
	return append(faults, argvFaults("outdated", o.Argv)...)
}

// faults returns what is wrong with the environment of a step with these outputs.
func (p *Provides) faults(outputs []string) (faults []string) {
	if p == nil {
		return nil
	}
	if !slices.Contains(outputs, p.Dir) {
		faults = append(faults, fmt.Sprintf("provides: %q is none of the outputs", p.Dir))
	}
	for _, name := range p.Variables {
		if !isVariable(strings.TrimSuffix(name, "*")) {
			faults = append(faults, fmt.Sprintf("provides: %q is not the name of a variable", name))
		}
	}
	faults = append(faults, pathFaults("provides", p.Foreign...)...)
	return append(faults, argvFaults("provides", p.Check)...)
}

func (u *UpToDate) faults() []string {
	switch {
	case u == nil:
		return nil
	case len(u.Argv) == 0:
		return []string{"up_to_date has no argv"}
	}
	return append(argvFaults("up_to_date", u.Argv), pathFaults("up_to_date", u.Files...)...)
}

func argvFaults(key string, argv []string) (faults []string) {
	if len(argv) == 0 {
		return nil
	}
	if strings.Contains(argv[0], "/") {
		faults = pathFaults(key, strings.TrimPrefix(argv[0], "./"))
	} else if argv[0] == "" {
		faults = []string{key + " has no program"}
	}
	if slices.ContainsFunc(argv, func(a string) bool { return strings.Contains(a, "\x00") }) {
		faults = append(faults, key+" has a NUL in it")
	}
	return faults
}

func (s Step) pathsFaults() (faults []string) {
	if s.Dir != "" && s.Dir != "." {
		faults = pathFaults("dir", s.Dir)
	}
	for _, glob := range s.Inputs {
		faults = append(faults, pathFaults("inputs", strings.TrimPrefix(glob, "!"))...)
	}
	faults = append(faults, pathFaults("outputs", s.Outputs...)...)
	for _, name := range s.Outputs {
		if first, _, _ := strings.Cut(name, "/"); first == "." {
			faults = append(faults,
				fmt.Sprintf("outputs: %q contains files that are not the step's, so davit cannot restore it",
					name))
		}
	}
	faults = append(faults, pathFaults("path", s.Path...)...)
	faults = append(faults, pathFaults("consumes", s.Consumes...)...)
	faults = append(faults, pathFaults("test_modules", slices.DeleteFunc(slices.Clone(s.TestModules), func(m string) bool { return m == "." })...)...)
	for _, e := range s.Environments {
		faults = append(faults, e.faults()...)
	}
	faults = append(faults, pathFaults("files", slices.Sorted(maps.Keys(s.Files))...)...)
	return faults
}

func (e Environment) faults() []string {
	switch {
	case e.Stack == "":
		return []string{"environments: one has no stack"}
	case e.Dir == ".":
		return nil
	}
	return pathFaults("environments", e.Dir)
}

// settingFaults returns what is wrong with the name of a settings file.
func settingFaults(name string) []string {
	variable, file, below := strings.Cut(name, "/")
	switch {
	case name == SettingGit:
		return nil
	case !below && strings.HasPrefix(name, "$") && isVariable(name[1:]):
		return nil
	case variable == SettingGit, variable == "~", variable == "..",
		strings.HasPrefix(variable, "$") && isVariable(variable[1:]):
		return pathFaults("settings", file)
	}
	return []string{fmt.Sprintf("settings: %q does not begin with ~/, ../ or a variable", name)}
}

// ValidVariable reports whether a name is that of a variable in POSIX.
func ValidVariable(name string) bool { return isVariable(name) }

// isVariable reports whether a name is that of a variable in POSIX.
func isVariable(name string) bool {
	return name != "" && (name[0] < '0' || name[0] > '9') && hasOnly(name, "_")
}

func (s Step) envFaults() (faults []string) {
	for _, name := range append(slices.Sorted(maps.Keys(s.Env)), s.PassEnv...) {
		if !isVariable(name) {
			faults = append(faults, fmt.Sprintf("%q is not the name of a variable", name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Env)) {
		if strings.Contains(s.Env[name], "\x00") {
			faults = append(faults, fmt.Sprintf("env: the value of %q has a NUL in it", name))
		}
	}
	for _, name := range s.Services {
		if name == "" {
			faults = append(faults, "a service has no name")
		}
	}
	return faults
}

func (c Cache) faults() (faults []string) {
	if c.ID == "" || (c.Path == "") == (c.Env == "") {
		faults = append(faults, "a cache needs an id, and either a path or an env")
	}
	if c.Value != "" && (c.Env == "" || !strings.Contains(c.Value, "{cache}")) {
		faults = append(faults, "the value of a cache needs an env, and {cache} in it")
	}
	if c.Path != "" {
		faults = append(faults, pathFaults("caches", c.Path)...)
	}
	if c.Env != "" && !isVariable(c.Env) {
		faults = append(faults, fmt.Sprintf("%q is not the name of a variable", c.Env))
	}
	return faults
}

func (s Secret) faults() (faults []string) {
	if s.ID == "" || (s.Env == "") == (s.File == "") {
		faults = append(faults, "a secret needs an id, and either an env or a file")
	}
	for _, name := range []string{s.Env, s.File} {
		if name != "" && !isVariable(name) {
			faults = append(faults, fmt.Sprintf("%q is not the name of a variable", name))
		}
	}
	return faults
}

func (r Report) faults() (faults []string) {
	if !slices.Contains(Formats, r.Format) {
		faults = append(faults, fmt.Sprintf("unknown report format %q; known are %s", r.Format,
			strings.Join(Formats, ", ")))
	}
	if r.Path != "" && r.Stdout {
		faults = append(faults, "a report is a file or the standard output, not both")
	}
	if r.Path != "" {
		faults = append(faults, pathFaults("reports", r.Path)...)
	}
	return faults
}

func (i *Image) faults() (faults []string) {
	if (i.Dockerfile == "") == (i.Base == "") {
		faults = append(faults, "an image needs either a dockerfile or a base")
	}
	for key, name := range map[string]string{"dockerfile": i.Dockerfile, "context": i.Context} {
		if name != "" && name != "." {
			faults = append(faults, pathFaults(key, name)...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(i.Contexts)) {
		if from := i.Contexts[name]; from != "." && !strings.Contains(from, "://") {
			faults = append(faults, pathFaults("contexts", from)...)
		}
	}
	for _, c := range i.Copy {
		if c.From != "." {
			faults = append(faults, pathFaults("copy", c.From)...)
		}
		if !strings.HasPrefix(c.To, "/") {
			faults = append(faults, fmt.Sprintf("copy: %q is not an absolute path in the image", c.To))
		}
	}
	if i.Healthcheck != nil {
		faults = append(faults, i.Healthcheck.faults(i.Dockerfile)...)
	}
	return faults
}

func (h *Healthcheck) faults(dockerfile string) (faults []string) {
	if len(h.Argv) == 0 || h.Argv[0] == "" {
		faults = append(faults, "healthcheck has no program")
	}
	if min(h.Interval, h.Timeout, h.StartPeriod, h.Retries) < 0 {
		faults = append(faults, "healthcheck: a number is below 0")
	}
	if dockerfile != "" {
		faults = append(faults,
			"healthcheck: an image with a dockerfile has the health check of its Dockerfile")
	}
	return faults
}
