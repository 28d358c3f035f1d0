// Package terraform is the davit plugin for Terraform and OpenTofu. It checks: the format, what "validate" finds in each
// module, what tflint finds, and tests that plan. Nothing that it offers changes infrastructure: "apply" and "destroy" are
// never run, and tests that apply are left out and named.
//
// OpenTofu runs the commands if the project pins it, has a file of it (*.tofu), or runs it in its pipelines.
package terraform

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "terraform", Title: "Terraform", Manifests: []string{"*.tf", "*.tofu"},
		Supports: []string{"terraform", "tofu", "terragrunt", "tflint"},
		Caches:   []plan.Cache{{ID: "terraform-plugins", Env: "TF_PLUGIN_CACHE_DIR"}},
		Settings: []string{"terraform"},
		Products: []string{".terraform/"},
		Plan:     plans,
		Absent: map[string]string{
			"build":            "there is nothing to build",
			"test-functional":  "Terraform has no mark for functional tests",
			"test-integration": "tests that apply are not run: davit explain test-unit",
			"run":              "there is no program",
			"package":          "there is no program",
			"deploy":           "davit does not apply infrastructure: terraform apply does",
		},
	})
}

// A project is a folder with its modules.
type project struct {
	*stack.Unit
	program string // "terraform" or "tofu"
}

func plans(u *stack.Unit) error {
	p := &project{Unit: u, program: "terraform"}
	p.useTool()
	p.style()
	p.validate()
	p.tests()
	p.Add("format", stack.Exec(p.program, "fmt", "-recursive"), "")
	p.Add("upgrade", stack.Exec(p.program, "init", "-backend=false", "-input=false", "-upgrade"),
		"newer providers and modules; the lock file has them")
	p.Add("clean", stack.Exec("rm", "-rf", ".terraform"), "")
	return nil
}

// useTool chooses Terraform or OpenTofu, in the version that the project asks for.
func (p *project) useTool() {
	t := plan.Tool{Image: "hashicorp/terraform:1.9", Install: "see https://developer.hashicorp.com/terraform/install"}
	pin, pinned := p.Pin([]string{".terraform-version"}, "terraform")
	if other, ok := p.Pin([]string{".opentofu-version"}, "opentofu", "tofu"); ok || !pinned && p.isTofu() {
		p.program, pin, pinned = "tofu", other, ok
		t.Image, t.Install = "ghcr.io/opentofu/opentofu:1.9", "see https://opentofu.org/docs/intro/install"
		p.Decide("OpenTofu, because the project or its pipelines name it")
	}
	if pinned && isVersion(pin.Version) {
		image, _, _ := strings.Cut(t.Image, ":")
		t.Image = image + ":" + pin.Version
		p.Decide("%s %s, because %s asks for it", p.program, pin.Version, pin.File)
	}
	t.Check = []string{p.program, "version"}
	t.Version = p.requiredVersion()
	p.Use(t)
}

func (p *project) isTofu() bool {
	tofu := func(name string) bool { return strings.HasSuffix(name, ".tofu") }
	return slices.ContainsFunc(p.List("."), tofu) || p.Runs("tofu") && !p.Runs("terraform")
}

func isVersion(text string) bool { return regexp.MustCompile(`^\d+(\.\d+)+$`).MatchString(text) }

// requiredVersion returns what required_version demands, as davit writes constraints.
func (p *project) requiredVersion() string {
	for _, name := range p.List(".") {
		if !strings.HasSuffix(name, ".tf") {
			continue
		}
		if found := required.FindStringSubmatch(p.Text(name)); found != nil {
			return constraint(found[1])
		}
	}
	return ""
}

var required = regexp.MustCompile(`(?m)^\s*required_version\s*=\s*"([^"]+)"`)

// constraint translates a constraint of Terraform: "~> 1.5" accepts all of 1 from 1.5 on.
func constraint(text string) string {
	var all []string
	for one := range strings.SplitSeq(text, ",") {
		one = strings.TrimSpace(one)
		version := strings.TrimLeft(one, "<>=~! ")
		switch op := strings.TrimSpace(one[:len(one)-len(version)]); {
		case !isVersion(version):
		case op == "~>" && strings.Count(version, ".") > 1:
			all = append(all, "~"+version)
		case op == "~>":
			all = append(all, "^"+version)
		case op == ">=" || op == ">" || op == "<" || op == "<=":
			all = append(all, op+version)
		case op == "=" || op == "":
			all = append(all, "="+version)
		}
	}
	return strings.Join(all, " ")
}

// style offers the format, unless the pipelines check the project without it, and tflint if the project uses it.
func (p *project) style() {
	if !p.Runs(p.program) || p.Runs(p.program, "fmt") {
		s := stack.Exec(p.program, "fmt", "-check", "-recursive", "-diff")
		s.ReadOnly = true
		p.Add("style", s, p.program+" fmt")
	} else {
		p.Decide("no %s fmt in style, because the pipelines check the project without it", p.program)
	}
	configured := p.Exists(".tflint.hcl") && !p.Runs(p.program)
	if !configured && !p.Runs("tflint") && !p.Hooks("terraform_tflint") {
		return
	}
	lint := stack.Exec("tflint")
	if p.Runs("tflint", "--recursive") {
		lint.Argv = append(lint.Argv, "--recursive")
	}
	if strings.Contains(p.Text(".tflint.hcl"), "source") {
		lint = stack.Shell("# "+strings.Join(lint.Argv, " "), "tflint --init", strings.Join(lint.Argv, " "))
	}
	p.Use(plan.Tool{Check: []string{"tflint", "--version"}, Image: "ghcr.io/terraform-linters/tflint:v0.54.0",
		Install: "see https://github.com/terraform-linters/tflint"})
	p.AddAs("style", "tflint", lint, p.program+" fmt and tflint")
	p.useTool()
}

// validate offers "validate" of each module. Its providers are in a folder of davit's, and a lock file that git does not
// have is removed again.
func (p *project) validate() {
	script := []string{"# " + p.program + " validate", sdk.IgnoreScript(".davit"), "root=$PWD",
		"for dir in " + sdk.Quote(p.modules(".", 3)...) + "; do (",
		`  export TF_DATA_DIR="$root/.davit/terraform/$dir"; cd "$dir"`,
		`  [ -e .terraform.lock.hcl ] || trap 'rm -f .terraform.lock.hcl' EXIT`,
		"  " + p.program + " init -backend=false -input=false",
		"  " + p.program + " validate",
		"); done"}
	s := stack.Shell(script...)
	s.NoCache, s.NoCacheWhy = true, "it downloads providers and modules"
	p.Add("test-unit", s, p.program+" validate, without the backend")
}

// modules returns the folder and those below it that have configuration and are not for tests or examples.
func (p *project) modules(dir string, depth int) (dirs []string) {
	if slices.ContainsFunc(p.List(dir), func(n string) bool { return strings.HasSuffix(n, ".tf") || strings.HasSuffix(n, ".tofu") }) {
		dirs = append(dirs, dir)
	}
	for _, name := range p.List(dir) {
		bare, folder := strings.CutSuffix(name, "/")
		if folder && depth > 0 && !sdk.Foreign(bare) && !sdk.Auxiliary(bare, "test", "tests", "fixtures", "templates") {
			dirs = append(dirs, p.modules(path.Join(dir, bare), depth-1)...)
		}
	}
	return dirs
}

// tests offers "test" for files of tests that only plan, and names those that apply.
func (p *project) tests() {
	var plans, applies []string
	for _, dir := range []string{".", "tests"} {
		for _, name := range p.List(dir) {
			if file := path.Join(dir, name); !strings.HasSuffix(name, ".tftest.hcl") && !strings.HasSuffix(name, ".tofutest.hcl") {
			} else if onlyPlans(p.Text(file)) {
				plans = append(plans, file)
			} else {
				applies = append(applies, file)
			}
		}
	}
	if len(applies) > 0 {
		p.Omit(p.Path(sdk.Listed(applies, 3))+" (its runs apply infrastructure)", p.program+" test runs them", "test-unit")
	}
	if len(plans) == 0 {
		return
	}
	command := p.program + " test"
	for _, file := range plans {
		command += " -filter=" + sdk.Quote(file)
	}
	s := stack.Shell("# "+p.program+" test", sdk.IgnoreScript(".davit"), `export TF_DATA_DIR="$PWD/.davit/terraform/tests"`,
		"[ -e .terraform.lock.hcl ] || trap 'rm -f .terraform.lock.hcl' EXIT",
		p.program+" init -backend=false -input=false", command)
	s.NoCache, s.NoCacheWhy = true, "it downloads providers and modules"
	p.AddAs("test-unit", "test-plans", s, p.program+" validate, and the tests that only plan")
}

// onlyPlans reports whether a file of tests cannot change infrastructure: each run plans, or providers are mocked.
func onlyPlans(text string) bool {
	runs, plans := len(runBlock.FindAllString(text, -1)), len(planCommand.FindAllString(text, -1))
	return strings.Contains(text, "mock_provider") || plans >= runs
}

var (
	runBlock    = regexp.MustCompile(`(?m)^\s*run\s+"`)
	planCommand = regexp.MustCompile(`(?m)^\s*command\s*=\s*plan\b`)
)
