package pipelines

import (
	"path"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// actions are the commands that actions of GitHub stand for, by their names, or by the owner of several. In them
// "{args|flags}" is the first of these inputs that is set, and "{command|=cypress run}" has a text for none. An action with
// "" only prepares the machine, whatever its name.
var actions = map[string]string{
	"DavidAnson/markdownlint-cli2-action":    "markdownlint-cli2",
	"EmbarkStudios/cargo-deny-action":        "cargo deny",
	"GabrielBB/xvfb-action":                  "{run}",
	"SonarSource":                            "sonar-scanner",
	"Wandalen/wretry.action":                 "{command}",
	"actions-rs/cargo":                       "cargo {command} {args}",
	"actions/dependency-review-action":       "dependency-review",
	"addnab/docker-run-action":               "docker run {image} {run}",
	"bats-core/bats-action":                  "",
	"borales/actions-yarn":                   "yarn {cmd}",
	"codespell-project/actions-codespell":    "codespell",
	"coactions/setup-xvfb":                   "{run}",
	"cypress-io/github-action":               "{command|=cypress run}",
	"devcontainers/ci":                       "{runCmd}",
	"fsfe/reuse-action":                      "reuse lint",
	"github/codeql-action/analyze":           "codeql",
	"github/super-linter":                    "super-linter",
	"gradle/gradle-build-action":             "gradle {arguments}",
	"houseabsolute/actions-rust-cross":       "cargo {command} {args}",
	"magefile/mage-action":                   "mage {args}",
	"mikepenz/action-junit-report":           "",
	"nick-fields/retry":                      "{command}",
	"nick-invision/retry":                    "{command}",
	"oxsecurity/megalinter":                  "megalinter",
	"pre-commit/action":                      "pre-commit run --all-files",
	"pypa/cibuildwheel":                      "cibuildwheel",
	"pypa/gh-action-pip-audit":               "pip-audit",
	"reactivecircus/android-emulator-runner": "{script}",
	"reviewdog/action-setup":                 "",
	"reviewdog/action-suggester":             "",
	"rhysd/actionlint":                       "actionlint",
	"rustsec/audit-check":                    "cargo audit",
	"actions-rs/audit-check":                 "cargo audit",
	"snyk/actions":                           "snyk test",
	"super-linter/super-linter":              "super-linter",
	"tox-dev/action-pre-commit-uv":           "pre-commit run --all-files",
	"trunk-io/trunk-action":                  "trunk check",
	"uraimo/run-on-arch-action":              "{run}",
	"wagoid/commitlint-github-action":        "commitlint",
}

// azureTasks are the commands that tasks of Azure stand for, as in actions.
var azureTasks = map[string]string{
	"Bash":             "{script|=bash }{filePath}",
	"CmdLine":          "{script}",
	"DotNetCoreCLI":    "dotnet {command} {projects}",
	"Go":               "go {command} {arguments}",
	"Gradle":           "gradle {tasks}",
	"Maven":            "mvn {goals}",
	"Npm":              "npm {customCommand|command}",
	"PowerShell":       "{script|filePath}",
	"PythonScript":     "python {scriptPath}",
	"ShellScript":      "bash {scriptPath}",
	"UsePythonVersion": "",
}

// actionCommand returns the command that the action of a step stands for, or "", and reports whether it is known what the
// action does.
func actionCommand(step *yaml.Node) (command string, known bool) {
	uses, with := step.Get("uses").Text(), step.Get("with")
	if image, ok := strings.CutPrefix(uses, "docker://"); ok {
		return "docker run " + image + " " + with.Get("entrypoint").Text() + " " + with.Get("args").Text(), true
	}
	action, _, _ := strings.Cut(uses, "@")
	for name := action; name != "."; name = path.Dir(name) {
		if form, ok := actions[name]; ok {
			return filledIn(form, with), true
		}
	}
	tool := toolOf(path.Base(action))
	switch {
	case strings.Contains(tool, "clippy"):
		return "cargo clippy " + firstWords(with, "args", "clippy_flags"), true
	case strings.Contains(tool, "rustfmt"):
		return "cargo fmt --check", true
	case kindOf()[tool] != "":
		return tool + " " + with.Get("args").Text(), true
	}
	return "", false
}

// toolOf returns the tool in the base name of an action: "cargo semver-checks" of "cargo-semver-checks-action".
func toolOf(name string) string {
	for _, prefix := range []string{"gh-action-", "actions-", "action-"} {
		name = strings.TrimPrefix(name, prefix)
	}
	name = strings.TrimSuffix(strings.TrimSuffix(name, "-action"), "-github")
	if spaced := strings.Replace(name, "-", " ", 1); kindOf()[spaced] != "" {
		return spaced
	}
	return name
}

// filledIn returns the command of a form with the values of inputs.
func filledIn(form string, with *yaml.Node) string {
	for {
		before, after, found := strings.Cut(form, "{")
		inner, rest, closed := strings.Cut(after, "}")
		if !found || !closed {
			return form
		}
		value := ""
		for key := range strings.SplitSeq(inner, "|") {
			if text, ok := strings.CutPrefix(key, "="); ok && value == "" {
				value = text
			} else if value == "" {
				value = with.Get(key).Text()
			}
		}
		return before + value + filledIn(rest, with)
	}
}
