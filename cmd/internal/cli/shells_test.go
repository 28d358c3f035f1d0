//go:build !windows

package cli_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
)

// shells are those whose completion is driven as somebody types: how each starts without the user's own configuration,
// and takes the script.
var shells = []struct {
	name  string
	start []string
	load  string
}{
	{"bash", []string{"bash", "--norc", "--noprofile", "-i"}, "source <(davit completion bash)"},
	{"zsh", []string{"zsh", "-f", "-i"}, "autoload -Uz compinit; compinit -u -D; source <(davit completion zsh)"},
	{"zsh", []string{"zsh", "-f", "-i"}, "mkdir -p $HOME/f; davit completion zsh > $HOME/f/_davit; fpath=($HOME/f $fpath); " +
		"autoload -Uz compinit; compinit -u -D"}, // as packages install it
	{"fish", []string{"fish", "--no-config", "-i"}, "davit completion fish | source"},
}

// typed are what is typed before the tabulator, and what the line is then.
var typed = [][2]string{
	{"davit buil", "davit build"},
	{"davit test --fail", "davit test --fail-fast"},
	{"davit --on cont", "davit --on container"},
	{"davit --on=cont", "davit --on=container"},
	{"davit release level=maj", "davit release level=major"},
	{"davit project:gene", "davit project:generate"},
	{"davit schema proj", "davit schema project"},
	{"davit -C sub chil", "davit -C sub child"},
	{`davit test -- a\ folder/pro`, "davit test -- a folder/project.toml"},
	{`davit test -- 'a folder/pro`, "davit test -- a folder/project.toml"},
	{`davit -C a\ folder/ chil`, "davit -C a folder/ child"},
	{"davit release to=pre", "davit release to=pre prod"},
	{"davit test -- fil", "davit test -- file.txt"},
}

func TestCompletionInRealShells(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		"project.toml": "[targets.build]\nrun = 'true'\n[targets.generate]\nrun = 'true'\n[targets.test]\nrun = 'true'\n" +
			"[targets.release]\nrun = 'true'\nparams.level = { choices = ['main', 'major'] }\nparams.to = { choices = ['pre prod', 'prod'] }\n",
		"a folder/project.toml": "[targets.child]\nrun = 'true'\n",
		"file.txt":              "",
		"sub/project.toml":      "[targets.child]\nrun = 'true'\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, shell := range shells {
		t.Run(shell.name, func(t *testing.T) {
			needTool(t, shell.name)
			s := startShell(t, dir, shell.start)
			s.line(shell.load)
			for _, one := range typed {
				s.completes(one[0], one[1])
			}
		})
	}
}

// A typist is a shell in a terminal.
type typist struct {
	t    *testing.T
	tty  *os.File
	said chan string
	seen string
	n    int
}

// needTool skips a test that needs a program; in CI it fails the test.
func needTool(t *testing.T, name string) {
	_, err := exec.LookPath(name)
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal(err)
	case err != nil:
		t.Skip("left out:", err)
	}
}

func startShell(t *testing.T, dir string, argv []string) *typist {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm", "HOME="+t.TempDir(), "PS1=> ")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 40, Cols: 200})
	if err != nil {
		t.Fatal(err)
	}
	s := &typist{t: t, tty: tty, said: make(chan string)}
	t.Cleanup(func() { cmd.Process.Kill(); tty.Close(); cmd.Wait() })
	go func() {
		defer close(s.said)
		buffer := make([]byte, 4096)
		for {
			n, err := tty.Read(buffer)
			if n > 0 {
				s.said <- string(buffer[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	return s
}

// line types a line, and waits until the shell has run it.
func (s *typist) line(text string) {
	s.n++
	io.WriteString(s.tty, fmt.Sprintf("%s; echo 'do''ne'%d\n", text, s.n))
	s.await(fmt.Sprintf("done%d", s.n))
}

// completes types text and a tabulator, and has the shell print the line that is there then: with echo in front of it.
func (s *typist) completes(text, want string) {
	s.t.Helper()
	io.WriteString(s.tty, text+"\t")
	io.WriteString(s.tty, "\x01echo li'ne': \x05 .\n")
	s.await("line: " + want + " ")
	s.line("true")
}

// await reads until the shell has shown a text.
func (s *typist) await(want string) {
	s.t.Helper()
	late := time.After(time.Minute)
	for !strings.Contains(s.seen, want) {
		select {
		case text, ok := <-s.said:
			if !ok {
				s.t.Fatalf("the shell has ended, after %q", s.seen)
			}
			s.seen += text
		case <-late:
			s.t.Fatalf("no %q within a minute, but %q", want, s.seen)
		}
	}
	s.seen = ""
}
