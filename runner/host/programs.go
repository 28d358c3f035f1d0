package host

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"

	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
	"github.com/davit-dev/davit/runner"
)

// Programs returns the files of the programs that a step names in its argv or its script, by the name that
// they have there, each with its path, size and times. A name that no file has is "missing". Programs that
// these start themselves are not known, but for git, if a script in the project that the step names runs it.
func (r *Runner) Programs(s runner.Step) map[string]string {
	found, env := map[string]string{}, r.env(s)
	sh, ok := r.sh()
	if ok && s.Plan.Op == plan.OpShell {
		found["sh"] = r.programFile(sh)
	}
	interpreted := !ok && s.Plan.Op == plan.OpShell
	programs, words := commandWords(s)
	if slices.ContainsFunc(words, func(word string) bool { return r.callsGit(s, word) }) {
		programs = append(programs, "git")
	}
	for _, name := range programs {
		if filepath.IsAbs(name) {
			found[name] = r.programFile(name)
			continue
		}
		if strings.Contains(name, "/") {
			continue // a file of the project, or of an environment in it
		}
		if interpreted && r.hasUtility(name) {
			found[name] = "davit's own"
			continue
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
	if rel, within := filepath.Rel(r.o.Root, full); err != nil || within == nil && r.inProject(full) {
		return filepath.ToSlash(rel)
	}
	stamp := tree.StampOf(info)
	return fmt.Sprintf("%s, %d bytes, %d", real, stamp.Size, stamp.Mtime)
}

// commandWords returns the names of the programs of a step, and all words of its argv or its script.
func commandWords(s runner.Step) (programs, words []string) {
	switch s.Plan.Op {
	case plan.OpExec:
		return s.Plan.Argv[:1:1], s.Plan.Argv
	case plan.OpShell:
		return scriptWords(s.Plan.Script)
	}
	return nil, nil
}

// scriptWords returns the names of the commands of a script, and all words, as far as they are written out in
// it. A script that cannot be parsed has none: it will not run either.
func scriptWords(script string) (programs, words []string) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, nil
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		if call, ok := node.(*syntax.CallExpr); ok {
			for i, word := range call.Args {
				words = append(words, word.Lit())
				if i == 0 {
					programs = append(programs, word.Lit())
				}
			}
		}
		return true
	})
	return withoutBuiltins(programs, functionsOf(file)), words
}

// functionsOf returns the names of the functions that a script defines.
func functionsOf(file *syntax.File) map[string]bool {
	functions := map[string]bool{}
	syntax.Walk(file, func(node syntax.Node) bool {
		if function, ok := node.(*syntax.FuncDecl); ok {
			functions[function.Name.Value] = true
		}
		return true
	})
	return functions
}

// callsGit reports whether a word of a step names a script in the project that runs git, as far as its text says.
func (r *Runner) callsGit(s runner.Step, word string) bool {
	name := filepath.FromSlash(word)
	return filepath.IsLocal(name) && mentionsGit(filepath.Join(r.dir(s), name))
}

var gitCall = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[^\w./-])git($|[\s"',)\]])`)
})

func mentionsGit(file string) bool {
	data, err := regular.Read(file, regular.Config)
	return err == nil && gitCall().Match(data)
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
