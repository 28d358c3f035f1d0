package llb

import (
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/moby/buildkit/client/llb"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// run sets what a step leaves.
func (n *Node) run(g *Graph) {
	argv := n.argv()
	if n.Step.Report != "" {
		argv = append([]string{"sh", "-c", n.reporting(), "sh"}, argv...)
	}
	exec := n.root.Run(append(n.options(g, n.Name), llb.Args(argv))...)
	n.After, n.left = exec.AddMount(Work, n.Before), exec.Root()
	if n.Step.Report != "" {
		n.Report = exec.AddMount(Reports, llb.Scratch())
	}
	if unless := n.Step.Plan.Unless; len(unless) > 0 {
		ask := n.root.Run(append(n.options(g, "["+n.Step.ID+"] unless "+runner.Quote(unless)), llb.Args(program(unless)))...)
		n.Unless = ask.AddMount(Work, n.Before)
	}
}

// reporting is a script that runs the command and leaves its exit code. A report that the command prints goes to a file too, since
// engines drop what is printed too fast, or is too much.
func (n *Node) reporting() string {
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

// argv is the command of a step as the container is given it.
func (n *Node) argv() []string {
	s := n.Step
	if s.Plan.Op == plan.OpShell {
		return append([]string{"sh", "-ec", s.Plan.Script, "sh"}, n.reported(s.Args)...)
	}
	return program(n.reported(s.Argv()))
}

// program finds a program of the project where the project is.
func program(argv []string) []string {
	argv = slices.Clone(argv)
	if strings.Contains(argv[0], "/") {
		argv[0] = path.Join(Work, argv[0])
	}
	return argv
}

// reported puts the file that the report goes to in its place.
func (n *Node) reported(words []string) []string {
	if n.Step.Report == "" {
		return words
	}
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "{report}", path.Join(Reports, Raw))
	}
	return words
}

// options are all of a command but the command.
func (n *Node) options(g *Graph, name string) []llb.RunOption {
	p := n.Step.Plan
	all := []llb.RunOption{llb.Dir(path.Join(Work, p.Dir)), llb.WithCustomName(name), llb.Platform(n.Platform)}
	if g.facts.Proxy != (llb.ProxyEnv{}) {
		all = append(all, llb.WithProxy(g.facts.Proxy))
	}
	all = append(all, n.mounts()...)
	return append(all, n.env(g)...)
}

// mounts are the caches, the secrets and the ssh agent.
func (n *Node) mounts() (all []llb.RunOption) {
	for _, c := range n.Step.Plan.Caches {
		all = append(all, llb.AddMount(cachePath(c), llb.Scratch(), llb.AsPersistentCacheDir("davit/"+c.ID, llb.CacheMountShared)))
	}
	for _, s := range n.Step.Plan.Secrets {
		if s.Env != "" {
			all = append(all, llb.AddSecret(s.Env, llb.SecretID(s.ID), llb.SecretAsEnv(true)))
		} else {
			all = append(all, llb.AddSecret(path.Join(secrets, s.ID), llb.SecretID(s.ID)))
		}
	}
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

// env are the variables that a step adds to those of the image.
func (n *Node) env(g *Graph) (all []llb.RunOption) {
	vars := map[string]string{}
	for _, c := range n.Step.Plan.Caches {
		if c.Env != "" {
			vars[c.Env] = cachePath(c)
		}
	}
	for _, name := range n.Step.Plan.PassEnv {
		if value, set := g.facts.Env[name]; set {
			vars[name] = value
		}
	}
	for name, value := range n.Step.Plan.Env {
		vars[name] = g.targeted(n.reported([]string{value})[0])
	}
	for _, s := range n.Step.Plan.Secrets {
		if s.File != "" {
			vars[s.File] = path.Join(secrets, s.ID)
		}
	}
	if g.facts.Force || n.Step.Report != "" || !n.Step.Cacheable || len(n.Step.Plan.Services) > 0 || n.Step.Effect == runner.Runs {
		vars["DAVIT_RUN"] = g.facts.Run
	}
	if len(n.Step.Plan.Path) > 0 {
		vars["PATH"] = n.searchPath()
	}
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		all = append(all, llb.AddEnv(name, vars[name]))
	}
	return all
}

// Opaque tells whether nobody knows what a step makes.
func Opaque(s runner.Step) bool {
	return s.Effect == runner.Builds && s.Plan.NoCache && len(Makes(s)) == 0
}

// targeted puts the platform that is built for in its place.
func (g *Graph) targeted(value string) string {
	return strings.NewReplacer("{os}", g.facts.Target.OS, "{arch}", g.facts.Target.Architecture).Replace(value)
}

// usualPath is what commands are looked for in where an image does not say it.
const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// searchPath is PATH with the folders of the project first.
func (n *Node) searchPath() string {
	inherited, set, err := n.root.GetEnv(context.Background(), "PATH")
	if err != nil || !set {
		inherited = usualPath
	}
	var all []string
	for _, dir := range n.Step.Plan.Path {
		all = append(all, path.Join(Work, dir))
	}
	return strings.Join(append(all, inherited), ":")
}
