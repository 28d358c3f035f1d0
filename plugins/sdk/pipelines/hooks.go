package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// hooksFile is the configuration of pre-commit, which is in the root of a repository.
const hooksFile = ".pre-commit-config.yaml"

// hooks adds the commands of the hooks of pre-commit that a command runs, all if it names none: the command of a local one,
// else its name.
func (r *pipelineReader) hooks(c recipes.Command) {
	root := r.yaml(hooksFile)
	id := hookNamed(c.Words)
	if root == nil || !r.once(strings.TrimSpace("pre-commit "+id)) {
		return
	}
	for _, repo := range root.Get("repos").Items() {
		for _, hook := range repo.Get("hooks").Items() {
			if id == "" || id == hook.Get("id").Text() {
				r.script(".", firstWords(hook, "entry", "id")+" "+strings.Join(hook.Get("args").List(), " "))
			}
		}
	}
}

// hookNamed returns the hook that "pre-commit run ID" names, or "".
func hookNamed(words []string) string {
	at := slices.Index(words, "run")
	if at < 0 || at+1 == len(words) || strings.HasPrefix(words[at+1], "-") {
		return ""
	}
	return words[at+1]
}

// hookFiles returns the configuration of pre-commit with the hooks that the project itself defines, and that run for a commit
// or a push.
func (r *pipelineReader) hookFiles(dir string) []taskFile {
	if dir != "." {
		return nil
	}
	f := taskFile{name: hooksFile, command: "pre-commit run", beside: Style}
	for _, repo := range r.yaml(hooksFile).Get("repos").Items() {
		for _, hook := range repo.Get("hooks").Items() {
			if repo.Get("repo").Text() == "local" && runsForCommits(hook) {
				f.names = append(f.names, hook.Get("id").Text())
			}
		}
	}
	return []taskFile{f}
}

// runsForCommits reports whether a hook runs before a commit or a push, with the files of it.
func runsForCommits(hook *yaml.Node) bool {
	stages := hook.Get("stages").List()
	return len(stages) == 0 || slices.ContainsFunc(stages, func(stage string) bool {
		return slices.Contains([]string{"commit", "pre-commit", "push", "pre-push"}, path.Base(stage))
	})
}
