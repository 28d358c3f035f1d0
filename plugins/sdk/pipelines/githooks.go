package pipelines

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk"
	"github.com/davit-dev/davit/plugins/sdk/recipes"
	"github.com/davit-dev/davit/plugins/sdk/yaml"
)

// checkingHooks are the hooks of git that check a change.
var checkingHooks = []string{"pre-commit", "pre-push"}

// lefthookNames are the files that lefthook reads in the root of a repository, of which the first counts.
var lefthookNames = []string{"lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"}

// gitHookFiles returns the files of a repository by which git runs hooks that check: those of lefthook, and scripts in the
// folders of husky and of core.hooksPath.
func (r *pipelineReader) gitHookFiles(dir string) (all []taskFile) {
	if dir != "." {
		return nil
	}
	if name, root := r.lefthook(); root != nil {
		f := taskFile{name: name, command: "lefthook run", beside: Style}
		for _, hook := range checkingHooks {
			if root.Get(hook) != nil {
				f.names = append(f.names, hook)
			}
		}
		all = append(all, f)
	}
	for _, folder := range []string{".husky", ".githooks"} {
		for _, hook := range checkingHooks {
			if name := path.Join(folder, hook); slices.Contains(r.files.List(folder), hook) {
				all = append(all, taskFile{name: name, command: "sh -e", names: []string{name}, beside: Style})
			}
		}
	}
	return all
}

func (r *pipelineReader) lefthook() (name string, root *yaml.Node) {
	for _, name := range lefthookNames {
		if root := r.yaml(name); len(root.Entries()) > 0 {
			return name, root
		}
	}
	return "", nil
}

// runsLefthook adds the commands of a hook that "lefthook run" names.
func (r *pipelineReader) runsLefthook(c recipes.Command) {
	at := slices.Index(c.Words, "run")
	if at < 0 || at+1 == len(c.Words) {
		return
	}
	hook := c.Words[at+1]
	_, root := r.lefthook()
	if !r.once("lefthook " + hook) {
		return
	}
	for _, one := range append(root.Get(hook).Get("commands").Entries(), root.Get(hook).Get("jobs").Items()...) {
		r.lefthookJob(hook, one)
	}
	for _, one := range root.Get(hook).Get("scripts").Entries() {
		r.script(".", strings.TrimSpace(one.Get("runner").Text()+" "+sdk.Quote(path.Join(".lefthook", hook, one.Key))))
	}
}

// lefthookJob adds the command of a job, or those of a group. "{staged_files}" and its like stand for files.
func (r *pipelineReader) lefthookJob(hook string, job *yaml.Node) {
	dir := path.Clean("./" + job.Get("root").Text())
	if name := job.Get("script").Text(); name != "" {
		r.script(dir, strings.TrimSpace(job.Get("runner").Text()+" "+sdk.Quote(path.Join(".lefthook", hook, name))))
	}
	r.script(dir, job.Get("run").Text())
	for _, inner := range job.Get("group").Get("jobs").Items() {
		r.lefthookJob(hook, inner)
	}
}
