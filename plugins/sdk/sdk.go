// Package sdk is for writing davit plugins in Go. A plugin is a function from a project to a plan:
//
//	func main() { sdk.Main(read) }
//
//	func read(p *sdk.Project) (*plan.Plan, error) {
//		if !p.Exists("go.mod") {
//			return nil, nil // not this stack
//		}
//		return &plan.Plan{…}, nil
//	}
//
// NewBuilder is for plans that grow step by step. Other functions of the package are what the built-in
// plugins share: quoting for a shell, versions, names of folders, images of programs.
//
// A plugin is a WASI preview 1 command: Main reads one request from standard input, calls the function once
// and writes one answer to standard output. The same program runs natively: echo '{"api":1,…}' | ./plugin
// plan.
//
// A plugin has no clock, environment or network. Its plan depends on the files that it reads and on those
// that it looks for and does not find. davit runs the plugin again when one of them changes, so a plugin
// should read as little as it can.
//
// The package imports the standard library only.
package sdk

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/plan"
)

// A Func reads a project and returns its plan. A nil plan means that the project is not of this stack. An
// error is a message of one sentence for the user about their project.
type Func func(*Project) (*plan.Plan, error)

// Main runs a plugin and exits: with 0 after an answer, with 1 after a message for the user on standard
// error, and with 2 if it is not called as davit calls it.
func Main(f Func) {
	os.Exit(run(f, os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// MainOf runs, as Main does, that one of several plugins by whose name the program is called.
func MainOf(plugins map[string]Func) {
	f, err := oneOf(plugins, os.Args[0])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	Main(f)
}

func oneOf(plugins map[string]Func, program string) (Func, error) {
	name := path.Base(filepath.ToSlash(program))
	if f, ok := plugins[name]; ok {
		return f, nil
	}
	return nil, fmt.Errorf("this program has no plugin %q, only %s", name,
		strings.Join(slices.Sorted(maps.Keys(plugins)), ", "))
}

func run(f Func, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) != 2 || args[1] != "plan" {
		fmt.Fprintln(stderr, "usage: echo REQUEST | PLUGIN plan")
		return 2
	}
	answer, code, err := answer(f, stdin)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return code
	}
	if _, err := stdout.Write(append(answer, '\n')); err != nil {
		return 2
	}
	return 0
}

func answer(f Func, stdin io.Reader) (data []byte, code int, err error) {
	request, err := io.ReadAll(stdin)
	if err != nil {
		return nil, 2, err
	}
	r, err := plan.ParseRequest(request)
	if err != nil {
		return nil, 2, fmt.Errorf("request: %w", err)
	}
	p, err := call(f, &Project{Project: r.Project, Config: r.Config, Files: r.Files, FS: root()})
	if err != nil {
		return nil, 1, err
	}
	if p == nil {
		p = &plan.Plan{}
	}
	p.API = plan.API
	data, err = json.Marshal(p)
	return data, 2, err
}

// call calls a plugin's function. A file that is too large ends it, from however deep.
func call(f Func, project *Project) (p *plan.Plan, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			large, is := reason.(*sizeError)
			if !is {
				panic(reason)
			}
			err = large
		}
	}()
	return f(project)
}
