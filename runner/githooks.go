package runner

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/tree"
)

// A hookState is what makes git run programs of the project: the folder that core.hooksPath names, and the hooks in the
// folder that git uses by default, each with its size and the time of its last change.
type hookState struct {
	folder string
	hooks  map[string]string
}

// hooksOf returns the state of the repository that a project is in; it is empty outside of one. No git is called.
func hooksOf(t *tree.Tree) hookState {
	s := hookState{folder: HooksFolder(t), hooks: map[string]string{}}
	entries, _ := os.ReadDir(t.GitFile("hooks"))
	for _, e := range entries {
		if info, err := e.Info(); err == nil && filepath.Ext(e.Name()) != ".sample" && !e.IsDir() {
			s.hooks[e.Name()] = fmt.Sprint(info.Size(), info.ModTime())
		}
	}
	return s
}

// HooksFolder returns the value of core.hooksPath in the configuration of the repository that a project is in, or "".
func HooksFolder(t *tree.Tree) (folder string) {
	text, _ := regular.Read(t.GitFile("config"), regular.Config)
	for _, found := range hooksPath.FindAllSubmatch(text, -1) {
		folder = strings.TrimSpace(string(found[1]))
	}
	return folder
}

// hooksPath matches the variable core.hooksPath in a configuration of git. No other section has one of that name.
var hooksPath = regexp.MustCompile(`(?im)^\s*hookspath\s*=\s*"?([^"\r\n]*)`)

// since returns what a step did to the hooks, as a part of a sentence, or "".
func (s hookState) since(before hookState) string {
	if s.folder != before.folder && s.folder != "" {
		return fmt.Sprintf("set core.hooksPath, so that git runs the hooks in %q", s.folder)
	} else if s.folder != before.folder {
		return "unset core.hooksPath"
	}
	changed := slices.DeleteFunc(slices.Sorted(maps.Keys(s.hooks)),
		func(name string) bool { return before.hooks[name] == s.hooks[name] })
	if len(changed) == 0 {
		return ""
	}
	return "wrote hooks of git: " + abbreviate(changed)
}
