package app

import (
	"slices"
	"strings"
)

// hookVariables are the variables by which git tells a hook which repository it is for, as "git rev-parse --local-env-vars"
// names them.
var hookVariables = []string{"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_IMPLICIT_WORK_TREE", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE"}

// withoutHook returns an environment without the variables of a hook: a test that makes a repository of its own would
// commit into that of the hook.
func withoutHook(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(pair string) bool {
		name, _, _ := strings.Cut(pair, "=")
		return slices.Contains(hookVariables, name)
	})
}
