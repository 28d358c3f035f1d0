package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Programs returns the files of the programs that a step names in its argv or its script, by the name that
// they have there, each with its path, size and times. A name that no file has is "missing". Programs that
// these start themselves are not known.
func (r *Runner) Programs(s runner.Step) map[string]string {
	found, env := map[string]string{}, r.env(s)
	if sh, ok := r.sh(); ok && s.Plan.Op == plan.OpShell {
		found["sh"] = r.programFile(sh)
	}
	for _, name := range programNames(s) {
		if strings.Contains(name, "/") {
			continue // a file of the project, or of an environment in it
		}
		found[name] = "missing"
		if full, ok := r.lookPath(name, env); ok {
			found[name] = r.programFile(full)
		}
	}
	return found
}

// programFile identifies a program outside of the project. One inside is an input, or part of an environment.
func (r *Runner) programFile(full string) string {
	real, err := filepath.EvalSymlinks(full)
	if err != nil {
		return full
	}
	info, err := os.Stat(real)
	if rel, outside := filepath.Rel(r.o.Root, full); err != nil || outside == nil &&
		!strings.HasPrefix(rel, "..") {
		return filepath.ToSlash(rel)
	}
	stamp := tree.StampOf(info)
	return fmt.Sprintf("%s, %d bytes, %d", real, stamp.Size, stamp.Mtime)
}

func programNames(s runner.Step) (names []string) {
	switch s.Plan.Op {
	case plan.OpExec:
		return s.Plan.Argv[:1]
	case plan.OpShell:
		return scriptPrograms(s.Plan.Script)
	}
	return nil
}

// scriptPrograms returns the names of the commands of a script, as far as they are written out in it. A script
// that cannot be parsed has none: it will not run either.
func scriptPrograms(script string) (names []string) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil
	}
	functions := map[string]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.FuncDecl:
			functions[n.Name.Value] = true
		case *syntax.CallExpr:
			if len(n.Args) > 0 {
				names = append(names, n.Args[0].Lit())
			}
		}
		return true
	})
	return withoutBuiltins(names, functions)
}

// builtins are the commands of the POSIX shell that are no programs for it.
const builtins = " . : [ alias bg break cd command continue echo eval exec exit export false fc fg getopts hash jobs " +
	"kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait "

func withoutBuiltins(names []string, functions map[string]bool) (programs []string) {
	for _, name := range names {
		if name != "" && !functions[name] && !strings.Contains(builtins, " "+name+" ") {
			programs = append(programs, name)
		}
	}
	return programs
}
