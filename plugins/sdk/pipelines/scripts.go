package pipelines

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// packageManagers run scripts of a package.json.
var packageManagers = []string{"npm", "pnpm", "yarn", "bun"}

// scriptRunners run several scripts of a package.json that they name: "run-s lint test", "concurrently npm:lint npm:test".
var scriptRunners = []string{"npm-run-all", "npm-run-all2", "run-s", "run-p", "concurrently"}

// packageScripts adds the commands of the scripts of a package.json that a command runs.
func (r *pipelineReader) packageScripts(c recipes.Command) {
	program := path.Base(c.Words[0])
	manager := slices.Contains(packageManagers, program)
	if r.scripts == nil || !manager && !slices.Contains(scriptRunners, program) {
		return
	}
	for _, name := range scriptNames(c.Words, manager) {
		scripts := r.scriptsIn(c.Dir)
		for _, one := range matching(scripts, name) {
			r.packageScript(c.Dir, one, scripts)
		}
	}
}

// scriptsIn returns the scripts of the package.json in a folder, which is read once.
func (r *pipelineReader) scriptsIn(dir string) map[string]string {
	scripts, known := r.scripts[dir]
	if !known {
		var manifest struct{ Scripts map[string]string }
		if text, ok := r.files.Read(path.Join(dir, "package.json")); ok && len(text) < maxPipeline {
			_ = json.Unmarshal([]byte(text), &manifest) // the package manager reports a fault
		}
		scripts = manifest.Scripts
		r.scripts[dir] = scripts
	}
	return scripts
}

// scriptNames returns the names of scripts that a command runs, which may be patterns. One that runs in members of a
// workspace names none of this package.
func scriptNames(words []string, manager bool) (names []string) {
	for _, w := range words[1:] {
		switch {
		case w == "--":
			return names
		case manager && slices.Contains([]string{"-r", "--recursive", "-w", "--workspace", "-ws", "--workspaces", "--filter", "-F",
			"workspace", "workspaces", "exec", "dlx", "x", "--prefix", "-C", "--cwd", "--dir"}, w):
			return nil
		case strings.HasPrefix(w, "-") || w == "run" || w == "run-script":
		case manager && (w == "t" || w == "tst"):
			return []string{"test"}
		case manager && slices.Contains([]string{"npm", "bun"}, path.Base(words[0])) && w != "test" && w != "start" &&
			!slices.Contains(words, "run") && !slices.Contains(words, "run-script"):
			return nil // "npm ci" is no script
		case manager:
			return []string{w}
		default:
			names = append(names, strings.TrimPrefix(w, "npm:"))
		}
	}
	return names
}

// matching returns the names of scripts that a pattern means: "lint:*".
func matching(scripts map[string]string, pattern string) (names []string) {
	prefix, some := strings.CutSuffix(pattern, "*")
	for name := range scripts {
		if name == pattern || some && strings.HasPrefix(name, strings.TrimSuffix(prefix, "*")) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// packageScript adds the commands of a script, and of those that run before and after it.
func (r *pipelineReader) packageScript(dir, name string, scripts map[string]string) {
	if !r.once("script " + dir + " " + name) {
		return
	}
	for _, part := range []string{"pre" + name, name, "post" + name} {
		r.script(dir, scripts[part])
	}
}
