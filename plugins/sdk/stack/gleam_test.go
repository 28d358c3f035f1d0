package stack_test

import (
	"testing"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/sdktest"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// gleam is the example of docs/plugins.md: a stack in under a hundred lines.
var gleam = stack.Stack{
	Name: "gleam", Title: "Gleam", Manifests: []string{"gleam.toml"},
	Tool:     plan.Tool{Check: []string{"gleam", "--version"}, Image: "ghcr.io/gleam-lang/gleam:v1.6.3-erlang", Install: "https://gleam.run"},
	Products: []string{"build/"},
	Plan: func(u *stack.Unit) error {
		u.Prepare(stack.Exec("gleam", "deps", "download"), "the packages of manifest.toml")
		u.Add("style", stack.Exec("gleam", "format", "--check"), "gleam format")
		u.Add("build", stack.Exec("gleam", "build"), "")
		if u.Exists("test") {
			u.Add("test-unit", stack.Exec("gleam", "test"), "gleam test")
		}
		u.Add("format", stack.Exec("gleam", "format"), "")
		u.Add("run", stack.Exec("gleam", "run"), "")
		u.Add("clean", stack.Exec("gleam", "clean"), "")
		u.Add("upgrade", stack.Exec("gleam", "update"), "")
		return nil
	},
	Absent: map[string]string{
		"test-unit":        "there is no folder test",
		"test-integration": "Gleam has no mark for integration tests",
	},
}

func TestAStackInAHundredLines(t *testing.T) {
	read := func(p *sdk.Project) (*plan.Plan, error) { return stack.Read(p, &gleam) }
	sdktest.Golden(t, read, "testdata/gleam")
}
