package deno

import (
	"path"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/stack"
)

// style adds deno lint and deno fmt --check. Beside tasks that check, each is added if a pipeline calls it and no task does.
func style(u *stack.Unit, tasks []stack.Task) {
	alone, silent := !u.Has("style"), len(u.Pipeline().Calls) == 0
	if alone || called(u, "lint") && !inTasks(tasks, "lint") {
		u.AddAs("style", "style-lint", stack.Exec(append([]string{"deno", "lint"}, paths(u, "lint")...)...), "deno lint")
	}
	if alone && silent || called(u, "fmt") && !inTasks(tasks, "fmt --check") {
		u.AddAs("style", "style-fmt", stack.Exec(append([]string{"deno", "fmt", "--check"}, paths(u, "fmt")...)...), "deno lint and deno fmt --check")
	}
}

// called reports whether a pipeline calls a command of Deno, in any folder.
func called(u *stack.Unit, command string) bool { return u.Runs("deno", command) }

// inTasks reports whether a task runs a command of Deno.
func inTasks(tasks []stack.Task, command string) bool {
	return slices.ContainsFunc(tasks, func(t stack.Task) bool { return strings.Contains(t.Text, "deno "+command) })
}

// paths returns the files and folders that the pipelines check by a command of Deno; none if one of the calls checks all.
func paths(u *stack.Unit, command string) (all []string) {
	for _, c := range u.Calls("deno") {
		if len(c.Words) < 2 || c.Words[1] != command {
			continue
		}
		named := slices.DeleteFunc(slices.Clone(c.Words[2:]), func(w string) bool { return strings.HasPrefix(w, "-") || !u.Exists(path.Clean(w)) })
		if len(named) == 0 {
			return nil
		}
		all = append(all, named...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
