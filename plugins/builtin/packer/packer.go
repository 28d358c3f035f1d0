// Package packer is the davit plugin for Packer: the format of its templates, and whether they are valid. No image is built.
package packer

import (
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the templates of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "packer", Title: "Packer", Manifests: []string{"*.pkr.hcl"},
		Supports: []string{"packer"},
		Tool:     plan.Tool{Check: []string{"packer", "version"}, Image: "hashicorp/packer:1.11", Install: "see https://developer.hashicorp.com/packer/install"},
		Plan:     plans,
		Absent: map[string]string{
			"init":             "packer init is a part of test where the pipelines validate with plugins",
			"build":            "packer build makes images of machines in other places, so that davit does not run it",
			"test-functional":  "Packer has no tests",
			"test-integration": "Packer has no tests",
			"run":              "there is no program",
			"package":          "there is no program",
			"deploy":           "davit does not build images of machines: packer build does",
		},
	})
}

func plans(u *stack.Unit) error {
	if !u.Runs("packer") || u.Runs("packer", "fmt") {
		s := stack.Exec("packer", "fmt", "-check", "-diff", "-recursive", ".")
		s.ReadOnly = true
		u.Add("style", s, "packer fmt")
	}
	validate := stack.Exec("packer", "validate", "-syntax-only", ".")
	if u.Runs("packer", "validate") && !u.Runs("packer", "validate", "-syntax-only") {
		validate = stack.Shell("# packer validate", "packer init .", "packer validate .")
	}
	validate.NoCache, validate.NoCacheWhy = true, "it may read variables and files of other places"
	u.Add("test-unit", validate, "packer validate")
	u.Add("format", stack.Exec("packer", "fmt", "-recursive", "."), "")
	u.Add("upgrade", stack.Exec("packer", "init", "-upgrade", "."), "newer plugins")
	return nil
}
