// Package sdk makes a davit plugin in Go a function from a project to a plan:
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
// A plugin is a WASI preview 1 command: Main reads one request from standard input, calls the function once and writes one
// answer to standard output. The same program runs natively: echo '{"api":1,…}' | ./plugin plan.
//
// It does not read the clock, the environment or the network, since davit gives a plugin none of them; the files that it
// reads, and the ones that it looks for and misses, are what its plan depends on. So look at little: whatever was read, when
// it changes, makes davit ask again.
//
// The package imports the standard library only.
package sdk

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/davit-dev/davit/plugins/plan"
)

// Func reads a project and answers with its plan. A nil plan means that the project is not of this stack; an error is a
// message for the user, of one sentence, about their project.
type Func func(*Project) (*plan.Plan, error)

// Main is the main function of a plugin. It exits 0 with an answer, 1 with a message for the user on standard error, and 2
// when it was called in a way that no davit calls it.
func Main(f Func) {
	os.Exit(run(f, os.Args, os.Stdin, os.Stdout, os.Stderr))
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
	p, err := f(&Project{Project: r.Project, Config: r.Config, Files: r.Files, FS: root()})
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
