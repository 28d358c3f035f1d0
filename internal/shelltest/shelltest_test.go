//go:build unix

package shelltest

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// TestTheSnippetsSuitEachShell runs the snippets with the shells of this machine that systems have as sh.
func TestTheSnippetsSuitEachShell(t *testing.T) {
	for _, shell := range [][]string{{"dash"}, {"bash", "--posix"}, {"busybox", "sh"}} {
		path, err := exec.LookPath(shell[0])
		if err != nil {
			continue
		}
		shell[0] = path
		t.Run(path, func(t *testing.T) {
			for _, s := range All() {
				t.Run(s.Name, func(t *testing.T) { run(t, shell, s) })
			}
		})
	}
}

func run(t *testing.T, shell []string, s Snippet) {
	argv := append(append(shell[1:len(shell):len(shell)], "-ec", " "+s.Script, "sh"), Args...)
	c := exec.Command(shell[0], argv...)
	out, errs := create(t), create(t)
	c.Dir, c.Stdout, c.Stderr = t.TempDir(), out, errs
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	_ = c.Run()
	_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL) // what it left in the background
	exit := c.ProcessState.ExitCode()
	if status := c.ProcessState.Sys().(syscall.WaitStatus); status.Signaled() {
		exit = 128 + int(status.Signal())
	}
	if fault := s.Differs(content(t, out), content(t, errs), exit); fault != "" {
		t.Error(fault)
	}
}

// create returns a new file, which what a snippet leaves in the background does not hold as it holds a pipe.
func create(t *testing.T) *os.File {
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func content(t *testing.T, f *os.File) string {
	text, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
