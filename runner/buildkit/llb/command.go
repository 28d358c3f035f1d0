package llb

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// setAfter runs the command of the step, and sets the states after it.
func (n *Node) setAfter(g *Graph) {
	argv := n.unlessUpToDate(n.argv())
	if n.Step.Report != "" {
		argv = append([]string{"sh", "-c", n.reportScript(), "sh"}, argv...)
	}
	exec := n.rootBefore.Run(append(n.runOptions(g, n.Name), llb.Args(n.withSecretVariables(g, argv)))...)
	n.After, n.rootAfter = exec.AddMount(Work, n.Before), exec.Root()
	if n.Step.Report != "" {
		n.Report = exec.AddMount(Reports, llb.Scratch())
	}
	if p := n.Step.Plan.Provides; p != nil && len(p.Check) > 0 {
		ask := n.rootBefore.Run(append(n.runOptions(g, "["+n.Step.ID+"] unless "+runner.Brief(p.Check)),
			llb.Args(n.withSecretVariables(g, resolveProgram(p.Check))))...)
		n.Check = ask.AddMount(Work, n.Before)
	}
}

// unlessUpToDate returns a command that fails, and says why, if the command would do nothing.
func (n *Node) unlessUpToDate(argv []string) []string {
	upToDate := n.Step.UpToDate()
	if len(upToDate) == 0 {
		return argv
	}
	var exists []string
	for _, name := range n.Step.Plan.UpToDate.Files {
		exists = append(exists, "test -e "+runner.Quote([]string{path.Join(Work, name)}))
	}
	if len(exists) == 0 {
		exists = []string{"true"}
	}
	script := "if { " + strings.Join(exists, " || ") + "; } && " +
		runner.Quote(resolveProgram(upToDate)) + " >/dev/null 2>&1; then\n" +
		"printf '%s\\n' " + runner.Quote([]string{runner.UpToDateReason(n.Step)}) + " >&2\nexit 1\nfi\nexec \"$@\""
	return append([]string{"sh", "-c", script, "sh"}, argv...)
}

// reportScript returns a script that runs the command and writes its exit code to a file. A report that the
// command prints is also written to a file, since engines drop output that is too fast or too long.
func (n *Node) reportScript() string {
	run := `"$@"; echo $? > ` + path.Join(Reports, Exit)
	stdout, stderr := runner.ReportStreams(n.Step)
	switch {
	case stdout && stderr:
		return "{ " + run + "; } 2>&1 | tee " + path.Join(Reports, Raw)
	case stdout:
		return "{ " + run + "; } | tee " + path.Join(Reports, Raw)
	}
	return run
}

// childScript runs a script as a child, since a process with the id 1 gets no signal that it has no trap for:
// "kill $$" would do nothing. It adds nothing to the output if the script is killed.
const childScript = `exec 3>&2 2> /dev/null; (exec "$@" 2>&3 3>&-); exit $?`

// argv returns the command of the step as it runs in the container.
func (n *Node) argv() []string {
	s := n.Step
	if s.Plan.Op == plan.OpShell {
		s.Args = n.expandReport(s.Args)
		return append([]string{"sh", "-c", childScript, "sh"}, s.ShellArgv()...)
	}
	return resolveProgram(n.expandReport(s.Argv()))
}

// resolveProgram makes the path of a program in the project absolute.
func resolveProgram(argv []string) []string {
	argv = slices.Clone(argv)
	if strings.Contains(argv[0], "/") {
		argv[0] = path.Join(Work, argv[0])
	}
	return argv
}

// expandReport replaces "{report}" by the path of the report.
func (n *Node) expandReport(words []string) []string {
	if n.Step.Report == "" {
		return words
	}
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "{report}", path.Join(Reports, Raw))
	}
	return words
}

// runOptions returns the options of a command.
func (n *Node) runOptions(g *Graph, name string) []llb.RunOption {
	p := n.Step.Plan
	all := []llb.RunOption{llb.Dir(path.Join(Work, p.Dir)), llb.WithCustomName(name),
		llb.Platform(n.Platform)}
	if g.options.Proxy != (llb.ProxyEnv{}) {
		all = append(all, llb.WithProxy(g.options.Proxy))
	}
	all = append(all, n.mounts(g)...)
	return append(all, n.env(g)...)
}

// mounts returns the mounts of the caches, the secrets and the ssh agent.
func (n *Node) mounts(g *Graph) (all []llb.RunOption) {
	for _, c := range n.Step.Plan.Caches {
		all = append(all, llb.AddMount(cachePath(c), llb.Scratch(),
			llb.AsPersistentCacheDir("davit/"+c.ID, llb.CacheMountShared)))
	}
	for _, s := range n.Step.Plan.Secrets {
		if s.Env != "" {
			all = append(all, llb.AddSecret(secretVariable(s), llb.SecretID(s.ID)))
		} else {
			all = append(all, llb.AddSecret(path.Join(secrets, s.ID), llb.SecretID(s.ID)))
		}
	}
	all = append(all, n.userConfig(g)...)
	if n.Step.Plan.SSH {
		all = append(all, llb.AddSSHSocket(llb.SSHID("default")))
	}
	return all
}

func cachePath(c plan.Cache) string {
	if c.Path != "" {
		return path.Join(Work, c.Path)
	}
	return path.Join(caches, c.ID)
}

// env returns the variables that a step adds to those of the image.
func (n *Node) env(g *Graph) (all []llb.RunOption) {
	vars := map[string]string{}
	for _, c := range n.Step.Plan.Caches {
		if c.Env != "" {
			vars[c.Env] = strings.ReplaceAll(cmp.Or(c.Value, "{cache}"), "{cache}", cachePath(c))
		}
	}
	for _, name := range n.Step.Plan.PassEnv {
		if value, set := g.options.Env[name]; set && !n.Step.UserConfig.Passes(name) {
			vars[name] = value
		}
	}
	for name, value := range n.Step.Plan.Env {
		vars[name] = g.expandPlatform(n.expandReport([]string{value})[0])
	}
	for _, s := range n.Step.Plan.Secrets {
		if s.File != "" {
			vars[s.File] = path.Join(secrets, s.ID)
		}
	}
	if g.options.Force || n.Step.Afresh || n.Step.Report != "" || !n.Step.Cacheable || len(n.Step.Plan.Services) > 0 ||
		n.Step.Plan.Retry > 0 || len(n.Step.Variables) > 0 || n.Step.Effect == runner.Runs {
		vars["DAVIT_RUN"] = g.options.Run
	}
	if len(n.Step.Plan.Path) > 0 {
		vars["PATH"] = n.searchPath()
	}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		all = append(all, llb.AddEnv(name, vars[name]))
	}
	return all
}

// UnknownOutputs reports whether it is not known what a step makes.
func UnknownOutputs(s runner.Step) bool {
	return s.Effect == runner.Builds && s.Plan.NoCache && len(Outputs(s)) == 0
}

// expandPlatform replaces "{os}" and "{arch}" by those of the target.
func (g *Graph) expandPlatform(value string) string {
	target := g.options.Target
	return strings.NewReplacer("{os}", target.OS, "{arch}", target.Architecture).Replace(value)
}

// defaultPath is the PATH of images that set none.
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// searchPath returns PATH with the folders of the project first.
func (n *Node) searchPath() string {
	inherited, set, err := n.rootBefore.GetEnv(context.Background(), "PATH")
	if err != nil || !set {
		inherited = defaultPath
	}
	var all []string
	for _, dir := range n.Step.Plan.Path {
		all = append(all, path.Join(Work, dir))
	}
	return strings.Join(append(all, inherited), ":")
}
