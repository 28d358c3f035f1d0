package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// emptySource is a Go program that does nothing.
const emptySource = "package main\n\nfunc main() {}\n"

// pause is how long the bare command of a step takes.
const pause = 200 * time.Millisecond

var pauseSource = fmt.Sprintf("package main\n\nimport \"time\"\n\nfunc main() { time.Sleep(%d) }\n", pause)

// recorderSource is a go command that records that it was called, and calls the real one, whose path is the
// argument of the format. It costs nothing where there is nothing to do, since it is not called then.
const recorderSource = `package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	self, _ := os.Executable()
	calls, err := os.OpenFile(filepath.Join(filepath.Dir(self), "calls"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	calls.WriteString("x")
	calls.Close()
	cmd := exec.Command(%q, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	} else if err != nil {
		panic(err)
	}
}
`

// program builds a program with the flags that davit is built with, unless that was done before, and returns
// its path.
func (b *bench) program(name, source string) (string, error) {
	dir := filepath.Join(b.temp, "programs", name)
	main, out := filepath.Join(dir, "main.go"), filepath.Join(dir, name+exe())
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	if err := write(main, source); err != nil {
		return "", err
	}
	cmd := exec.Command(b.gocmd, "build", "-trimpath", "-ldflags", "-s -w", "-o", out, main)
	cmd.Env = b.env
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", name, err, lastLine(output))
	}
	return out, nil
}

// A callRecorder is a folder with a go command that records its calls.
type callRecorder struct{ dir string }

func (b *bench) newCallRecorder() (callRecorder, error) {
	path, err := b.program("go", fmt.Sprintf(recorderSource, b.gocmd))
	return callRecorder{filepath.Dir(path)}, err
}

// calls returns how often go was called so far.
func (r callRecorder) calls() int64 {
	info, err := os.Stat(filepath.Join(r.dir, "calls"))
	if err != nil {
		return 0
	}
	return info.Size()
}

// prependPath returns an environment in which a folder is the first of PATH.
func prependPath(dir string, env []string) []string {
	path := dir
	for _, entry := range env {
		if name, value, _ := strings.Cut(entry, "="); strings.EqualFold(name, "PATH") {
			path += string(os.PathListSeparator) + value
		}
	}
	return override(env, map[string]string{"PATH": path})
}
