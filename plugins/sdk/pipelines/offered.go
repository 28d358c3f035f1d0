package pipelines

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/toml"
	"github.com/davit-dev/davit/plugins/sdk/tox"
)

// A Task is what a project offers by a name: a target of a Makefile, an environment of tox, a script of package.json.
type Task struct {
	Name string // "lint-docs"
	File string // that has it, relative to the root of the project: "web/Makefile"
	// Default says that its tool runs it where no task is named, among others that it lists.
	Default bool
	// Beside is the kind of the checks beside which its tool runs it where no task is named, and First says that it is what its
	// tool runs then.
	Beside string
	First  bool
	// Calls are the command that a person types for it, "make lint-docs", and those that it runs.
	Calls []Call
	// unread is what it calls that was not read.
	unread []Unread
}

// Kind returns the kind of the check that a task is by its name, or Test if its tool runs it by default; "" if it is none.
func (t Task) Kind() string {
	if kind := KindOfName(t.Name); kind != "" || !t.Default || NameHas(t.Name, otherWords) {
		return kind
	}
	return Test
}

// maxOffered is how many tasks of a file are read.
const maxOffered = 300

// Offered returns the tasks of the task files in a folder of the project, in the order of the files and names.
func Offered(files Files, dir string) (tasks []Task) {
	r := newReader(files)
	for _, f := range r.taskFiles(dir) {
		for _, name := range f.names[:min(len(f.names), maxOffered)] {
			r.out, r.seen = Pipeline{}, map[string]bool{}
			r.file = path.Join(dir, f.name)
			r.script(dir, f.command+" "+sdk.Quote(name))
			if len(r.out.Calls) > 0 {
				tasks = append(tasks, Task{Name: name, File: r.file, Default: slices.Contains(f.listed, name), Beside: f.beside,
					First: name == f.first, Calls: r.out.Calls, unread: r.out.Unread})
			}
		}
	}
	return tasks
}

// A taskFile is a file with tasks, and the command that runs one by its name.
type taskFile struct {
	name, command string
	names         []string // of its tasks
	listed        []string // those that its tool runs where no task is named
	first         string   // the one that its tool runs then, of tools that run one
	beside        string   // the kind of the checks beside which its tool runs all of them then
}

// taskFiles returns the task files in a folder.
func (r *pipelineReader) taskFiles(dir string) (all []taskFile) {
	for _, found := range [][]taskFile{
		r.recipeFiles(dir), r.goTaskFiles(dir), r.toxFiles(dir), r.noxFiles(dir), r.scriptFiles(dir), r.packageFiles(dir),
		r.composerFiles(dir), r.hookFiles(dir), r.gitHookFiles(dir)} {
		all = append(all, found...)
	}
	return all
}

// recipeFiles returns the Makefile and the justfile of a folder. A Makefile that a program made is not the word of the
// project.
func (r *pipelineReader) recipeFiles(dir string) (all []taskFile) {
	for _, kind := range []recipeKind{makeKind, justKind} {
		name, t := r.recipes(dir, kind)
		if t == nil || strings.Contains(strings.ToLower(t.head), "generated") {
			continue
		}
		names := slices.DeleteFunc(slices.Sorted(maps.Keys(t.tasks)), func(name string) bool {
			return name[0] == '_' || strings.ContainsAny(name, "/$%") || strings.Contains(name, ".") && !t.phony[name]
		})
		all = append(all, taskFile{name: name, command: kind.tool, names: names, first: t.first})
	}
	return all
}

// goTaskFiles returns the Taskfile of a folder, with the tasks that are not for others only.
func (r *pipelineReader) goTaskFiles(dir string) (all []taskFile) {
	for _, file := range goTaskNames {
		f := taskFile{name: file, command: "task"}
		for _, t := range r.yaml(path.Join(dir, file)).Get("tasks").Entries() {
			if t.Get("internal").Text() != "true" {
				f.names = append(f.names, t.Key)
			}
			f.first = "default"
		}
		if len(f.names) > 0 {
			return []taskFile{f}
		}
	}
	return nil
}

// toxFiles returns the configuration of tox in a folder.
func (r *pipelineReader) toxFiles(dir string) []taskFile {
	name, file := r.tox(dir)
	if file == nil {
		return nil
	}
	listed := toxList(file)
	names := slices.Clone(listed)
	for _, section := range slices.Sorted(maps.Keys(file)) {
		if env, ok := strings.CutPrefix(section, "testenv:"); ok {
			names = append(names, tox.List(env)...)
		}
	}
	slices.Sort(names)
	return []taskFile{{name: name, command: "tox -e", names: slices.Compact(names), listed: listed}}
}

// noxFiles returns the sessions of nox in a folder. Those that are run by default count if the file lists them.
func (r *pipelineReader) noxFiles(dir string) []taskFile {
	text, ok := r.files.Read(path.Join(dir, "noxfile.py"))
	if !ok || len(text) > maxPipeline {
		return nil
	}
	f := taskFile{name: "noxfile.py", command: "nox -s"}
	for _, s := range sessionsIn(text) {
		f.names = append(f.names, s.name)
	}
	if found := noxListed().FindStringSubmatch(text); found != nil {
		for _, one := range literal().FindAllString(found[1], -1) {
			f.listed = append(f.listed, strings.Trim(one, `"' `))
		}
	} else if !strings.Contains(text, "nox.options.") {
		f.beside = Test // it runs all sessions
	}
	return []taskFile{f}
}

var noxListed = compiled(`(?m)^nox\.options\.sessions\s*=\s*[\[(]([^\])]*)`)

// scriptFiles returns the files of a folder with scripts of hatch, pdm, poe, taskipy and mise.
func (r *pipelineReader) scriptFiles(dir string) (all []taskFile) {
	for _, k := range scriptKinds {
		for _, file := range k.files {
			table := toml.Table(r.toml(path.Join(dir, file)), k.keys...)
			if names := slices.Sorted(maps.Keys(k.scripts(table))); len(names) > 0 {
				all = append(all, taskFile{name: file, command: k.command, names: names})
			}
		}
	}
	return all
}

// packageFiles returns the package.json of a folder, without the scripts that run around others.
func (r *pipelineReader) packageFiles(dir string) []taskFile {
	scripts := r.scriptsIn(dir)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(scripts)), func(name string) bool {
		pre, isPre := strings.CutPrefix(name, "pre")
		post, isPost := strings.CutPrefix(name, "post")
		return isPre && scripts[pre] != "" || isPost && scripts[post] != ""
	})
	if len(names) == 0 {
		return nil
	}
	manager := "npm"
	for _, lock := range [][2]string{{"pnpm-lock.yaml", "pnpm"}, {"yarn.lock", "yarn"}, {"bun.lock", "bun"}} {
		if slices.Contains(r.files.List(dir), lock[0]) {
			manager = lock[1]
		}
	}
	return []taskFile{{name: "package.json", command: manager + " run", names: names}}
}
