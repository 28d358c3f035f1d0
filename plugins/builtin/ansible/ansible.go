// Package ansible is the davit plugin for Ansible: ansible-lint and yamllint if the project uses them, and the syntax of
// its playbooks. No playbook is run, and scenarios of Molecule, which make machines, are named only.
package ansible

import (
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// manifests mark a project. A playbook counts by what is in it.
var manifests = []string{"ansible.cfg", "galaxy.yml", ".ansible-lint", ".ansible-lint.yml", "site.yml", "site.yaml", "playbook.yml", "playbook.yaml"}

// Read plans the projects of the repository.
func Read(p *sdk.Project) (*plan.Plan, error) {
	return stack.Read(p, &stack.Stack{
		Name: "ansible", Title: "Ansible", Manifests: manifests,
		Supports: []string{"ansible-lint", "ansible-playbook", "ansible-galaxy", "molecule"},
		Refuses: func(u *stack.Unit) string {
			if u.FirstOf(manifests[:4]...) == "" && len(playbooks(u, ".")) == 0 {
				return "it has no play"
			}
			return ""
		},
		Tool: plan.Tool{Check: []string{"ansible-playbook", "--version"}, Image: image,
			Install: "python3 -m pip install ansible"},
		Settings: []string{"ansible"},
		Plan:     plans,
		Absent: map[string]string{
			"build":            "there is nothing to build",
			"test-unit":        "there is no playbook",
			"test-functional":  "Ansible has no functional tests",
			"test-integration": "tests need machines, as those of Molecule do",
			"style":            "the project configures no ansible-lint, and no pipeline runs it",
			"run":              "davit runs no playbook",
			"package":          "there is no program",
			"deploy":           "davit runs no playbook: ansible-playbook does",
		},
	})
}

// image has Ansible with its linters.
const image = "ghcr.io/ansible/community-ansible-dev-tools:latest"

// plans adds the commands of one project.
func plans(u *stack.Unit) error {
	if file := u.FirstOf("requirements.yml", "collections/requirements.yml", "roles/requirements.yml"); file != "" {
		s := stack.Exec("ansible-galaxy", "install", "-r", file)
		u.Add("init", s, "the roles and collections of "+file)
	}
	style(u)
	if files := append(playbooks(u, "."), playbooks(u, "playbooks")...); len(files) > 0 {
		s := stack.Exec(append([]string{"ansible-playbook", "--syntax-check"}, files...)...)
		s.NoCache, s.NoCacheWhy = true, "playbooks use what is installed for the user"
		u.Add("test-unit", s, "the syntax of the playbooks")
	}
	for _, name := range u.List("molecule") {
		u.Omit(u.Path("molecule/"+strings.TrimSuffix(name, "/"))+" (a scenario of Molecule makes machines)", "molecule test runs it", "test-unit")
	}
	return nil
}

// style offers the linters that the project uses.
func style(u *stack.Unit) {
	checked := u.Runs("yamllint") || u.Runs("ansible-lint") // by a pipeline, which then decides
	if !checked && u.FirstOf(".ansible-lint", ".config/ansible-lint.yml", ".ansible-lint.yml") != "" || u.Runs("ansible-lint") {
		u.Use(plan.Tool{Check: []string{"ansible-lint", "--version"}, Image: image, Install: "python3 -m pip install ansible-lint"})
		argv := []string{"ansible-lint"}
		for _, c := range u.Calls("ansible-lint") {
			argv = c.Words
		}
		s := stack.Exec(argv...)
		s.NoCache, s.NoCacheWhy = true, "the linter reads what is installed for the user"
		u.Add("style", s, "ansible-lint")
	}
	if u.FirstOf(".yamllint", ".yamllint.yml", ".yamllint.yaml") != "" && (u.Runs("yamllint") || u.Hooks("yamllint")) {
		u.Use(plan.Tool{Check: []string{"yamllint", "--version"}, Image: image, Install: "python3 -m pip install yamllint"})
		argv := []string{"yamllint", "."}
		for _, c := range u.Calls("yamllint") {
			argv = c.Words
		}
		u.AddAs("style", "yamllint", stack.Exec(argv...), "")
	}
	u.Use(plan.Tool{Check: []string{"ansible-playbook", "--version"}, Image: image, Install: "python3 -m pip install ansible"})
}

// playbooks returns the files of a folder that have a play.
func playbooks(u *stack.Unit, dir string) (files []string) {
	for _, name := range u.List(dir) {
		if !strings.HasSuffix(name, ".yml") && !strings.HasSuffix(name, ".yaml") || strings.HasPrefix(name, ".") {
			continue
		}
		file := strings.TrimPrefix(dir+"/"+name, "./")
		if play.MatchString(u.Text(file)) {
			files = append(files, file)
		}
	}
	slices.Sort(files)
	return files
}

// play matches the list of a play's keys: its hosts, or a playbook that it imports.
var play = regexp.MustCompile(`(?m)^(- |  )(hosts|(ansible\.builtin\.)?import_playbook):`)
