package pipelines

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
)

// packageManagers run scripts of a package.json.
var packageManagers = []string{"npm", "pnpm", "yarn", "bun"}

// scriptRunners run several scripts of a package.json that they name: "run-s lint test", "concurrently npm:lint npm:test".
var scriptRunners = []string{"npm-run-all", "npm-run-all2", "run-s", "run-p", "concurrently", "start-server-and-test", "server-test"}

// memberRunners run scripts by their names in all members of a workspace that have them.
var memberRunners = []string{"turbo", "lerna", "nx"}

// packageScripts adds the commands of the scripts of a package.json that a command runs, and those that it is given as texts.
func (r *pipelineReader) packageScripts(c recipes.Command) {
	program := path.Base(c.Words[0])
	switch {
	case r.scripts == nil:
	case program == "node":
		if name := runByNode(c.Words); name != "" {
			r.packageScript(c.Dir, name, argumentsOf(c.Words), r.scriptsIn(c.Dir))
		}
	case slices.Contains(packageManagers, program):
		call := Call{Command: c}
		if name := scriptNamedBy(call.Words); name != "" {
			r.scriptsOf(call, name)
		}
	case slices.Contains(memberRunners, program):
		r.memberScripts(c, program)
	case slices.Contains(scriptRunners, program):
		for _, name := range scriptsNamed(c.Words) {
			r.scriptOrCommand(c.Dir, name)
		}
	}
}

// memberScripts adds the commands of the scripts that a runner is asked for, in the members that have them.
func (r *pipelineReader) memberScripts(c recipes.Command, program string) {
	if program != "turbo" && !slices.ContainsFunc(c.Words, func(w string) bool { return slices.Contains([]string{"run", "run-many", "affected"}, w) }) {
		return // "lerna version", "nx test one"
	}
	named, _ := membersNamed(c.Words)
	at := len(r.out.Calls) - 1 // of the command itself
	for _, does := range (Call{Command: c}).tasksRun("script") {
		name := strings.TrimPrefix(does, "script ")
		for _, m := range r.members(c.Dir) {
			meant := len(named) == 0 || slices.ContainsFunc(named, func(pattern string) bool { return m.is(pattern, c.Dir) })
			if meant && r.scriptsIn(m.dir)[name] != "" {
				r.out.Calls[at].Members = append(r.out.Calls[at].Members, m.dir)
				r.packageScript(m.dir, name, argumentsOf(c.Words), r.scriptsIn(m.dir))
			}
		}
	}
}

// scriptsOf adds the commands of a script in the packages that a command means. One that none of them has was not read.
func (r *pipelineReader) scriptsOf(c Call, name string) {
	dirs := r.foldersFor(c)
	for _, dir := range dirs {
		r.packageScript(dir, name, argumentsOf(c.Words), r.scriptsIn(dir))
	}
	missing := !slices.ContainsFunc(dirs, func(dir string) bool { return r.scriptsIn(dir)[name] != "" || strings.Contains(dir, "..") })
	if asked := slices.Contains(c.Words, "run"); asked && missing && MayCheck(name) && !slices.Contains(c.Words, "--if-present") && !strings.ContainsAny(name, "${") {
		r.unread(c.Plain(), isMissing)
	}
}

// scriptOrCommand adds the commands of the scripts that a pattern means, or of a text that is a command.
func (r *pipelineReader) scriptOrCommand(dir, name string) {
	pattern, _, _ := strings.Cut(name, " ")
	found := matching(r.scriptsIn(dir), pattern)
	for _, one := range found {
		r.script(dir, "npm run "+sdk.Quote(one))
	}
	if len(found) == 0 && pattern != name {
		r.script(dir, name)
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

// scriptNamedBy returns the name of the script that a command of a package manager runs, or "".
func scriptNamedBy(words []string) string {
	rest := withoutMembers(words[1:])
	asked := len(rest) > 1 && (rest[0] == "run" || rest[0] == "run-script")
	switch {
	case asked:
		return rest[1]
	case len(rest) == 0 || slices.Contains([]string{"exec", "dlx", "x"}, rest[0]):
		return ""
	case rest[0] == "t" || rest[0] == "tst":
		return "test"
	case slices.Contains([]string{"npm", "bun"}, path.Base(words[0])) && rest[0] != "test" && rest[0] != "start":
		return "" // "npm ci" is no script
	}
	return rest[0]
}

// runByNode returns the name of the script that "node --run" runs, or "".
func runByNode(words []string) string {
	if path.Base(words[0]) != "node" {
		return ""
	}
	for i, w := range words {
		if name, ok := strings.CutPrefix(w, "--run="); ok {
			return name
		}
		if w == "--run" && i+1 < len(words) {
			return words[i+1]
		}
	}
	return ""
}

// runnerValues are options of programs that run several scripts which have a value.
var runnerValues = []string{"-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-s", "--success", "-m", "--max-processes", "--max-parallel"}

// scriptsNamed returns what a program that runs several scripts is given: names and patterns of them, and commands.
func scriptsNamed(words []string) (names []string) {
	short := path.Base(words[0]) != "concurrently" // whose short options have values
	for i := 1; i < len(words); i++ {
		switch w := words[i]; {
		case w == "--":
			return names
		case slices.Contains(runnerValues, w) && !(short && len(w) == 2):
			i++
		case strings.HasPrefix(w, "-"), strings.Contains(w, "://"):
		default:
			if manager, name, ok := strings.Cut(w, ":"); ok && slices.Contains(packageManagers, manager) {
				w = name
			}
			names = append(names, w)
		}
	}
	return names
}

// matching returns the names of scripts that a pattern means: "lint:*", "*:e2e", "test:**".
func matching(scripts map[string]string, pattern string) (names []string) {
	prefix, deep := strings.CutSuffix(pattern, "**")
	if strings.HasSuffix(pattern, ":*") && strings.Count(pattern, "*") == 1 {
		prefix, deep = pattern[:len(pattern)-1], true // concurrently means those below, too
	}
	for name := range scripts {
		like, _ := path.Match(strings.ReplaceAll(pattern, ":", "/"), strings.ReplaceAll(name, ":", "/"))
		if name == pattern || like || deep && strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// argumentsOf returns what a command of a package manager gives to a script, as it would be typed: " --flag 'a word'".
func argumentsOf(words []string) (text string) {
	at := slices.Index(words, "--")
	if at < 0 {
		return ""
	}
	for _, w := range words[at+1:] {
		text += " " + sdk.Quote(w)
	}
	return text
}

// packageScript adds the commands of a script, which gets arguments at its end, and of those that run before and after it.
func (r *pipelineReader) packageScript(dir, name, arguments string, scripts map[string]string) {
	if scripts[name] == "" || !r.once("script "+dir+" "+name+arguments) {
		return
	}
	for _, text := range []string{scripts["pre"+name], scripts[name] + arguments, scripts["post"+name]} {
		r.scriptIn(recipes.Plain, dir, text)
	}
}
