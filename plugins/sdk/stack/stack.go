// Package stack is for plugins of small stacks: those whose build tool knows its projects itself, so that a plan is
// one command for each target. Such a plugin is a Stack, which is data, and a function that adds the commands of one
// project:
//
//	func Read(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &mix) }
//
//	var mix = stack.Stack{
//		Name: "elixir", Title: "Mix", Manifests: []string{"mix.exs"},
//		Tool: plan.Tool{Check: []string{"mix", "--version"}, Image: "elixir:1", Install: "https://elixir-lang.org/install"},
//		Plan: func(u *stack.Unit) error {
//			u.Prepare(stack.Exec("mix", "deps.get"), "the packages of mix.lock")
//			u.Add("build", stack.Exec("mix", "compile"), "")
//			u.Add("test", stack.Exec("mix", "test"), "")
//			return nil
//		},
//	}
//
// The package finds the projects of a repository: any folder with a manifest, except those below another project of
// the stack, which are its parts, and examples, benchmarks and inputs of tests, unless a pipeline of the repository
// enters them. What is left out is named. Each command then has the folder, tool, caches and settings of its project.
//
// All paths that a plugin gives are relative to the folder of its project.
package stack

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
)

// A Stack describes a stack: what marks its projects, and what the commands of all projects have in common.
type Stack struct {
	// Name is that of the plugin, and of the stack in plans: "maven". Title is the name in sentences: "Maven".
	Name, Title string
	// Manifests are the names of the files that mark a project, in order of preference; "*.cabal" is any of that kind.
	Manifests []string
	// Config is what the configuration is decoded into: a pointer to a struct that has Config in it; nil for Config alone.
	Config Configuration
	// Refuses returns why a folder with a manifest is no project, in a few words, or "". Nil refuses none.
	Refuses func(u *Unit) string
	// Supports are the programs of a stack whose projects support those of others, as infrastructure does. Where the root
	// of the repository is a project of another stack, such a project in a folder is left out, and named, unless a
	// pipeline runs one of these.
	Supports []string
	// Tool runs the commands. Its name is the first word of its Check.
	Tool plan.Tool
	// Caches, PassEnv and Settings are those of all commands; Settings are names of tools that sdk.Settings knows.
	Caches   []plan.Cache
	PassEnv  []string
	Settings []string
	// Products are what the commands make in the folder of a project, which is no input of any of them: "target/".
	Products []string
	// Plan adds the commands of one project. An error is a message for the user.
	Plan func(u *Unit) error
	// Absent has the reasons why targets are not offered.
	Absent map[string]string
}

// Configuration is a struct that has Config in it.
type Configuration interface{ common() *Config }

// A Config has the keys that all small stacks have in [plugins.NAME] config.
type Config struct {
	// Image is the container image that steps run in.
	Image string `json:"image"`
	// Folders are those of the projects to plan, instead of those that the plugin would choose.
	Folders []string `json:"folders"`
}

func (c *Config) common() *Config { return c }

// Read plans the projects of a stack. The plan is nil if there are none.
func Read(p *sdk.Project, s *Stack) (*plan.Plan, error) {
	config := s.Config
	if config == nil {
		config = &Config{}
	}
	if err := p.Configure(s.Name, config); err != nil {
		return nil, err
	}
	r := &repo{stack: s, project: p, config: config.common()}
	if err := r.find(); err != nil || len(r.units)+len(r.left) == 0 {
		return nil, err
	}
	r.Builder = sdk.NewBuilder(s.Name, r.summary())
	for _, u := range r.units {
		if err := s.Plan(u); err != nil {
			return nil, err
		}
	}
	r.omit()
	if len(r.units) > 0 {
		r.ExplainAbsent(s.Absent)
	}
	r.Builder.Decisions = r.decisions
	r.outside.Apply(r.Plan)
	return r.Plan, nil
}
