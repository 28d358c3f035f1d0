package pipelines

import (
	"path"
	"strings"
)

// A form is a kind of file that calls commands and that is not read: the pipeline of a service, or what another task runner
// reads.
type form struct {
	pattern  string // of its path
	kind     formKind
	mentions string // a text that such a file has in it; "" for any
}

// ownTask stands for a task of a Rakefile that is not one of a test runner.
const ownTask = "task"

type formKind int

const (
	usual   formKind = iota // a pipeline that plugins look for, too: it may run any command
	service                 // another pipeline
	tasks                   // the file of a task runner
)

// forms are these kinds.
var forms = []form{
	{"Jenkinsfile", usual, ""}, {"Jenkinsfile.*", service, ""}, {"*.jenkinsfile", service, ""}, {"ci/Jenkinsfile", service, ""}, {".jenkins/*", service, ""},
	{".buildkite/pipeline.yml", usual, ""}, {".buildkite/*.y*ml", service, ""}, {".buildkite/pipeline.sh", service, ""},
	{".semaphore/semaphore.yml", usual, ""}, {".semaphore/*.y*ml", service, ""},
	{".teamcity/settings.kts", service, ""}, {".teamcity/pom.xml", service, ""}, {".teamcity/*.kt*", service, ""},
	{"cloudbuild.yaml", usual, ""}, {"cloudbuild.yml", service, ""}, {"buildspec.yml", usual, ""}, {"buildspec.yaml", service, ""},
	{"wercker.yml", service, ""}, {"bitrise.yml", service, ""}, {"codeship-steps.yml", service, ""}, {"screwdriver.yaml", service, ""}, {"codemagic.yaml", service, ""},
	{".drone.star", service, ""}, {".drone.jsonnet", service, ""}, {".cirrus.star", service, ""}, {".tekton/*.y*ml", service, ""}, {".harness/*.y*ml", service, ""}, {".vela.yml", service, ""},
	{".zuul.yaml", service, ""}, {"zuul.d/*.yaml", service, ""}, {".kokoro/*.cfg", service, ""}, {".evergreen.yml", service, ""}, {".evergreen/config.yml", service, ""}, {".taskcluster.yml", service, ""},
	{"magefile.go", tasks, "mage"}, {"magefiles/*.go", tasks, ""}, {"mage.go", tasks, "mage"},
	{"Rakefile", tasks, ownTask}, {"rakefile", tasks, ownTask}, {"Rakefile.rb", tasks, ownTask}, {"rakefile.rb", tasks, ownTask},
	{"tasks.py", tasks, "invoke"}, {"tasks/__init__.py", tasks, "invoke"}, {"fabfile.py", tasks, "fabric"}, {"dodo.py", tasks, "task_"}, {"pavement.py", tasks, "paver"},
	{"Earthfile", tasks, ""}, {"dagger.json", tasks, ""}, {"dagger.cue", tasks, ""}, {"SConstruct", tasks, ""}, {"build.cake", tasks, ""}, {"psakefile.ps1", tasks, ""},
	{"Gruntfile.*s", tasks, ""}, {"gulpfile.*s", tasks, ""}, {"Jakefile", tasks, ""}, {"Cakefile", tasks, ""}, {"devbox.json", tasks, "scripts"}, {"earthly.ear", tasks, ""},
	{"Maskfile.md", tasks, ""}, {"maskfile.md", tasks, ""}, {"Makefile.toml", tasks, "tasks"}, {"pants.toml", tasks, ""}, {"BUCK", tasks, ""}, {".moon/workspace.yml", tasks, ""},
}

// NotRead returns those of the files of a project that are pipelines, or files of task runners, and that davit does not read:
// one of each folder.
func NotRead(names []string, files Files) (services, runners []string) {
	seen := map[string]bool{}
	for _, name := range names {
		if !mayBeForm(name) {
			continue
		}
		for _, f := range forms {
			dir := path.Dir(name)
			switch {
			case dir != "." && seen[dir] || !f.is(name, files):
				continue
			case f.kind != tasks:
				services = append(services, name)
			default:
				runners = append(runners, name)
			}
			seen[dir] = true
			break
		}
	}
	return services, runners
}

// is reports whether a file has a form.
func (f form) is(name string, files Files) bool {
	if like, _ := path.Match(f.pattern, name); !like || f.mentions == "" {
		return like
	}
	text, _ := files.Read(name)
	if f.mentions == ownTask {
		return hasOwnTask(text)
	}
	return strings.Contains(text, f.mentions)
}

// runnerTask matches the lines of a Rakefile that define the task of a test runner, or name the task that runs by default.
var runnerTask = compiled(`^(?:require\b.*|(?:Rake::TestTask|Minitest::TestTask|RSpec::Core::RakeTask|Bundler::GemHelper)\b.*|\w\.\w+\s*(?:=|<<).*|end|` +
	`task\s*\(?(?::?default|"default")\s*(?::|=>|,)[^{]*|\s*|#.*)$`)

// hasOwnTask reports whether a Rakefile has more than one task of a test runner.
func hasOwnTask(text string) bool {
	if strings.Count(text, "Task.new") > 1 {
		return true
	}
	for line := range strings.Lines(text) {
		if !runnerTask().MatchString(strings.TrimSpace(line)) {
			return true
		}
	}
	return false
}

// mayBeForm reports whether the folder of a file is one that a pattern has.
func mayBeForm(name string) bool {
	dir, _, deep := strings.Cut(name, "/")
	return !deep || dir[0] == '.' && strings.Count(name, "/") == 1 || dir == "magefiles" || dir == "tasks" || dir == "ci" || dir == "zuul.d"
}
