//go:build unix

package docker

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"github.com/davit-dev/davit/runner/deploy"
)

// screen is what a command has written to its terminal, and what somebody types there.
type screen struct {
	*os.File
	mu   sync.Mutex
	seen strings.Builder
}

func (s *screen) watch() {
	for b := make([]byte, 1024); ; {
		n, err := s.Read(b)
		s.mu.Lock()
		s.seen.Write(b[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// types waits for a text and types another.
func (s *screen) types(t *testing.T, after, text string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		s.mu.Lock()
		before, rest, is := strings.Cut(s.seen.String(), after)
		if is {
			s.seen.Reset()
			s.seen.WriteString(rest)
		}
		s.mu.Unlock()
		if is {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("waited for %q and saw %q", after, before)
		}
	}
	if _, err := io.WriteString(s, text); err != nil {
		t.Fatal(err)
	}
}

func TestExecOnATerminal(t *testing.T) {
	t.Parallel()
	s := newFixture(t,
		"services:\n  web:\n    image: busybox\n    command: sleep 1000\n    stop_signal: SIGKILL\n")
	s.deploy()
	keyboard, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer keyboard.Close()
	defer terminal.Close()
	pty.Setsize(keyboard, &pty.Winsize{Rows: 31, Cols: 97})
	view := &screen{File: keyboard}
	go view.watch()
	ended := make(chan int)
	go func() {
		exit, err := s.Exec(context.Background(), deploy.ExecOptions{
			Service: "web", Command: []string{"sh"}, Env: []string{"PS1=$? > "}, Terminal: true, In: terminal,
			Out: terminal, Err: terminal,
		})
		if err != nil {
			t.Error(err)
		}
		ended <- exit
	}()
	view.types(t, "0 > ", "until stty size | grep 31; do sleep 0.1; done; echo small\r")
	view.types(t, "\nsmall", "until stty size | grep 44; do sleep 0.1; done; echo large\r")
	pty.Setsize(keyboard, &pty.Winsize{Rows: 44, Cols: 133})
	changed, enough := context.WithCancel(context.Background())
	defer enough()
	go func() {
		for changed.Err() == nil { // a signal that comes before anybody listens is lost
			syscall.Kill(os.Getpid(), syscall.SIGWINCH)
			time.Sleep(100 * time.Millisecond)
		}
	}()
	view.types(t, "\nlarge", "sh -c 'echo up; sleep 1000'\r")
	view.types(t, "\nup", "\x03")
	view.types(t, "130 > ", "exit 5\r")
	if exit := <-ended; exit != 5 {
		t.Errorf("exit code %d", exit)
	}
}

func TestFilesOfAContainer(t *testing.T) {
	t.Parallel()
	s := newFixture(t,
		"services:\n  web:\n    image: busybox\n    command: sleep 1000\n    stop_signal: SIGKILL\n    configs: [{source: c, target: /etc/c}]\nconfigs: {c: {content: hello}}\n")
	s.deploy()
	change := []string{"sh", "-c",
		"echo open sesame >>/etc/passwd; rm /bin/vi; head -c 400000 /dev/zero >/large; head -c 9 /dev/zero >/binary; mkdir /folder; mkfifo /pipe"}
	if exit, err := s.Exec(context.Background(),
		deploy.ExecOptions{Service: "web", Command: change, In: strings.NewReader(""), Out: io.Discard,
			Err: io.Discard}); exit != 0 || err != nil {
		t.Fatal(exit, err)
	}
	files, err := s.Files(context.Background(), s.live().Containers["web"][0].Name,
		[]string{"/etc/passwd", "/bin/vi", "/large", "/binary", "/folder", "/pipe", "/etc/c"})
	if err != nil {
		t.Fatal(err)
	}
	if f := files[0]; f.Reason != "" || string(f.Current) != string(f.Original)+"***\n" {
		t.Errorf("a text that changed, with a secret: %q, %q", f.Current, f.Reason)
	}
	if f := files[1]; f.Current != nil || string(f.Original) != "a symbolic link to busybox\n" {
		t.Errorf("what was deleted: %q, %q", f.Original, f.Current)
	}
	for i, why := range []string{"it is too large to show, with 400000 bytes", "it is binary",
		"it is a folder", "it is not a regular file", "it is a config or a secret, not part of the image"} {
		if f := files[i+2]; f.Reason != why || f.Current != nil {
			t.Errorf("%s: got %q, wanted %q", f.Path, f.Reason, why)
		}
	}
	if all := s.ids(); len(all) != 1 {
		t.Errorf("%d containers are left", len(all))
	}
}
