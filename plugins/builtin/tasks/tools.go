package tasks

import (
	"cmp"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// installs say how to install a tool.
var installs = map[string]string{
	"mise": "see https://mise.jdx.dev/getting-started.html", "poe": "pipx install poethepoet", "task": "pipx install taskipy",
	"hatch": "pipx install hatch", "pdm": "pipx install pdm",
}

// elsewhere says how steps of a task file run in containers.
const elsewhere = `; in containers, image = "…" in the configuration of the plugin tasks names one that has it`

// toolOf adds the tool that runs some scripts, and returns its name. One that the dependencies of the project bring needs
// only Python to be there.
func (r *reader) toolOf(name string, all scripts) string {
	tool := plan.Tool{Check: []string{name, "--version"}, Image: r.image, Install: installs[name] + elsewhere}
	if name == "poe" || name == "task" {
		program := recipes.NewReader(r)
		if program.Read(".", name); len(program.Uses()) > 0 {
			name = "python3"
			tool = plan.Tool{Check: []string{"python3", "--version"}, Image: cmp.Or(r.image, sdk.PythonImage), Runtime: plan.RuntimePython,
				Install: "see https://www.python.org/downloads"}
		}
	}
	r.tools[name] = tool
	return name
}

// shell adds the tool of what runs without another one, and returns its name.
func (r *reader) shell() string {
	r.tools["sh"] = plan.Tool{Image: cmp.Or(r.image, taskfile.ImageFor(r.Project))}
	return "sh"
}
