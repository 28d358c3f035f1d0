package tasks

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/taskfile"
)

// process matches a line of a Procfile.
var process = regexp.MustCompile(`^([A-Za-z0-9_-]+):\s*(\S.*)$`)

// port is the variable with the port of a process, which Foreman counts from 5000.
const port = `PORT="${PORT:-5000}"; export PORT` + "\n"

// procfile returns the process web of the Procfile as "run", or the only one. Others are named: what a platform runs at
// a release, or beside the program, is not started by itself.
func (r *reader) procfile() []taskfile.File {
	text, _ := r.Read("Procfile")
	chosen, command, line := "", "", 0
	var others []string
	for i, each := range strings.Split(text, "\n") {
		found := process.FindStringSubmatch(strings.TrimSpace(each))
		switch {
		case found == nil:
		case found[1] == "web" || chosen == "" && found[1] != "release":
			if chosen != "" {
				others = append(others, chosen)
			}
			chosen, command, line = found[1], found[2], i+1
		default:
			others = append(others, found[1])
		}
	}
	if chosen == "" || chosen != "web" && len(others) > 0 {
		return nil
	}
	o := taskfile.Offer{Name: "run", Source: "Procfile:" + strconv.Itoa(line), Script: "# " + command + "\n" + port + command,
		Why: "the process " + chosen + " of the Procfile", Scripts: []taskfile.Script{{Dir: ".", Text: command}}, Runs: []string{"run"}}
	if len(others) > 0 {
		o.Why = taskfile.Sentence(o.Why, "davit starts no "+sdk.Listed(others, 5))
	}
	if r.Exists("Gemfile") && strings.HasPrefix(command, "bundle ") {
		o.Scripts = nil
		o.Env, o.Environments = map[string]string{"BUNDLE_PATH": "vendor/bundle"}, []plan.Environment{{Stack: "ruby", Dir: "."}}
	}
	if call := taskfile.FindRecursion("run", func(string) (needs, davit []string) { return nil, taskfile.Calls([]string{command}, "davit") }); call != "" {
		return nil
	}
	return []taskfile.File{{Name: "Procfile", Tool: r.shell(), Offers: []taskfile.Offer{o}}}
}
