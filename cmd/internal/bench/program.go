package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// emptySource is the least that a whole process of Go can do.
const emptySource = "package main\n\nfunc main() {}\n"

// nap is how long the bare command of a step takes.
const nap = 200 * time.Millisecond

var napSource = fmt.Sprintf("package main\n\nimport \"time\"\n\nfunc main() { time.Sleep(%d) }\n", nap)

// witnessSource is a go command that writes down that it was called and calls the real one (the argument), so that "nothing
// to do" is seen to do nothing. What it costs is paid only when there was something to do after all.
const witnessSource = `package main

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

// program builds a program, with the flags that davit is built with, and returns its path.
func (b *bench) program(name, source string) (string, error) {
	dir := filepath.Join(b.temp, "programs", name)
	main, out := filepath.Join(dir, "main.go"), filepath.Join(dir, name+exe())
	if err := write(main, source); err != nil {
		return "", err
	}
	cmd := exec.Command(b.gocmd, "build", "-trimpath", "-ldflags", "-s -w", "-o", out, main)
	cmd.Env = b.env
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w: %s", name, err, lastLine(said))
	}
	return out, nil
}

// witness is the go command of the programs that should have nothing to do.
type witness struct{ dir string }

func (b *bench) witness() (witness, error) {
	path, err := b.program("go", fmt.Sprintf(witnessSource, b.gocmd))
	return witness{filepath.Dir(path)}, err
}

// calls is how often it was called.
func (w witness) calls() int64 {
	info, err := os.Stat(filepath.Join(w.dir, "calls"))
	if err != nil {
		return 0
	}
	return info.Size()
}

// inFront puts a folder in front of the PATH of an environment.
func inFront(dir string, env []string) []string {
	path := dir
	for _, entry := range env {
		if name, value, _ := strings.Cut(entry, "="); strings.EqualFold(name, "PATH") {
			path += string(os.PathListSeparator) + value
		}
	}
	return override(env, map[string]string{"PATH": path})
}
