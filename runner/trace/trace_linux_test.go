//go:build amd64 || arm64

package trace

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if code, is := Main(os.Args[1:]); is {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// traced runs a script of sh in a folder, and returns its trace with the paths of the folder as "./NAME".
func traced(t *testing.T, dir, script string) []string {
	t.Helper()
	trace, err := run(t, dir, "sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	return lines(trace, dir)
}

func run(t *testing.T, dir string, argv ...string) (Trace, error) {
	t.Helper()
	path, err := exec.LookPath(argv[0])
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Cmd{Path: path, Args: argv, Dir: dir, Stderr: os.Stderr}
	file := filepath.Join(t.TempDir(), "trace")
	Wrap(&cmd, os.Args[0], file)
	failure := cmd.Run()
	trace, err := ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return trace, failure
}

func lines(trace Trace, dir string) (found []string) {
	for _, a := range trace.Accesses {
		if rel, err := filepath.Rel(filepath.Dir(dir), a.Path); err == nil && !strings.HasPrefix(rel, "../") {
			rel = strings.TrimPrefix(rel, filepath.Base(dir)+"/")
			found = append(found, string(a.Kind)+" "+rel+" "+a.Program)
		}
	}
	return found
}

// folder returns a folder without links in its path, whose parent is empty but for it.
func folder(t *testing.T, files ...string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "project")
	for _, name := range append(files, "sub/") {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			err = os.MkdirAll(path, 0o777)
		} else {
			err = os.WriteFile(path, []byte("#!/bin/sh\ncat sub/b\n"), 0o777)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestTrace runs scripts and looks for what each did.
func TestTrace(t *testing.T) {
	sh, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	shell := filepath.Base(sh)
	for _, test := range []struct {
		name, script string
		want, not    []string
	}{
		{"read", "cat a", []string{"read a cat"}, nil},
		{"current folder", "cd sub && cat b ../a", []string{"read sub/b cat", "read a cat"}, nil},
		{"subshell", "(cd sub; cat b); cat a", []string{"read sub/b cat", "read a cat"}, []string{"missing b"}},
		{"outside", "cat ../project/a; cat ../beside || true", []string{"read a", "missing beside cat"}, nil},
		{"failed look-up", "[ -f none ] || true", []string{"missing none " + shell}, nil},
		{"link", "ln -s sub/b l; cat l", []string{"create l ln", "read sub/b cat"}, []string{"link l"}},
		{"link that was there", "cat old", []string{"link old cat", "read a cat"}, []string{"read old"}},
		{"link to a folder", "cat way/b", []string{"link way cat", "read sub/b cat"}, nil},
		{"readlink", "readlink old", []string{"link old readlink"}, []string{"read a"}},
		{"listing", "ls sub", []string{"list sub ls"}, []string{"read sub/b"}},
		{"glob", "echo sub/*", []string{"list sub " + shell}, nil},
		{"script", "./a", []string{"exec a ", "read sub/b cat"}, nil},
		{"own file", "echo x > made; cat made", []string{"create made"}, []string{"read made"}},
		{"own file that goes", "echo x > made; cat made; rm made", nil, []string{"made"}},
		{"own folder", "mkdir d; ls d; echo x > d/f; cat d/f; [ -f d/g ] || true",
			[]string{"create d mkdir", "create d/f"}, []string{"read d", "list d", "missing d/g"}},
		{"overwritten", "echo x > a; cat a", []string{"write a"}, []string{"read a"}},
		{"appended", "echo x >> a", []string{"read a", "write a"}, nil},
		{"renamed", "echo x > tmp; mv tmp a", []string{"write a mv"}, []string{"tmp", "read a"}},
		{"moved", "mv a c", []string{"read a mv", "remove a mv", "create c mv"}, nil},
		{"removed", "rm a; cat a || true", []string{"remove a rm"}, []string{"missing a"}},
		{"changed", "chmod 600 a", []string{"change a chmod"}, nil},
		{"hard link", "ln a c", []string{"read a ln", "create c ln"}, nil},
		{"background", "cat a & wait", []string{"read a cat"}, nil},
		{"odd names", "cat 'a b\nc'", []string{"read a b\\nc cat"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := folder(t, "a", "sub/b", "a b\\nc")
			os.Symlink("a", filepath.Join(dir, "old"))
			os.Symlink("sub", filepath.Join(dir, "way"))
			script := strings.ReplaceAll(test.script, "\n", "\\n")
			found := traced(t, dir, script+" 2>/dev/null")
			for _, want := range test.want {
				if !slices.ContainsFunc(found, func(s string) bool { return strings.HasPrefix(s, want) }) {
					t.Errorf("no %q in %q", want, found)
				}
			}
			for _, not := range test.not {
				if i := slices.IndexFunc(found, func(s string) bool { return strings.Contains(s, not) }); i >= 0 {
					t.Errorf("%q in %q", not, found)
				}
			}
		})
	}
}

// TestExit checks that a traced command ends as it does untraced.
func TestExit(t *testing.T) {
	dir := folder(t, "a")
	for _, script := range []string{"exit 0", "exit 7", "kill -TERM $$", "kill -KILL $$", "kill -SEGV $$",
		"kill -INT $$", "sleep 100 & exit 3"} {
		plain := exec.Command("sh", "-c", script)
		_ = plain.Run()
		_, err := run(t, dir, "sh", "-c", script)
		want, got := plain.ProcessState.Sys().(syscall.WaitStatus), syscall.WaitStatus(0)
		if exit, is := errors.AsType[*exec.ExitError](err); is {
			got = exit.Sys().(syscall.WaitStatus)
		}
		if want&^0x80 != got&^0x80 { // 0x80 is a dump of core
			t.Errorf("%s: ended with %#x, wanted %#x", script, got, want)
		}
	}
}

// TestInterrupt sends the group of a traced command what Ctrl-C sends.
func TestInterrupt(t *testing.T) {
	dir := folder(t)
	cmd := exec.Command("sh", "-c",
		"trap 'echo caught > it; exit 5' INT; echo ready > ready; while :; do sleep 0.01; done")
	cmd.Dir, cmd.SysProcAttr = dir, &syscall.SysProcAttr{Setpgid: true}
	Wrap(cmd, os.Args[0], filepath.Join(t.TempDir(), "trace"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "ready")); err == nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGINT)
	err := cmd.Wait()
	if _, missing := os.Stat(filepath.Join(dir, "it")); missing != nil || cmd.ProcessState.ExitCode() != 5 {
		t.Errorf("%v, %v", err, missing)
	}
}

// TestThreads runs a program, also as one of 32 bits, whose threads read files and start others, and which
// executes another program meanwhile.
func TestThreads(t *testing.T) {
	for _, arch := range map[string][]string{"amd64": {"amd64", "386"}, "arm64": {"arm64"}}[runtime.GOARCH] {
		dir := folder(t, "a", "c", "sub/b")
		trace, err := run(t, dir, build(t, arch, threads))
		if err != nil {
			t.Fatalf("%s: %v", arch, err)
		}
		found := lines(trace, dir)
		for _, want := range []string{"read a threads", "read c threads", "read sub/b cat",
			"missing none threads"} {
			if !slices.Contains(found, want) {
				t.Errorf("%s: no %q in %q", arch, want, found)
			}
		}
	}
}

const threads = `package main

import (
	"os"
	"os/exec"
	"sync"
	"syscall"
	"unsafe"
)

func main() {
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			os.ReadFile("a")
			if i%10 == 0 {
				exec.Command("true").Run()
			}
		})
	}
	wait.Wait()
	os.Stat("none")
	var how [3]uint64 // openat2, relative to the current folder
	name, _ := syscall.BytePtrFromString("c")
	syscall.Syscall6(437, ^uintptr(99), uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&how)), 24, 0, 0)
	if _, _, errno := syscall.Syscall(425, 1, uintptr(unsafe.Pointer(&how)), 0); errno != syscall.ENOSYS {
		panic(errno) // io_uring_setup
	}
	path, _ := exec.LookPath("cat")
	go func() {
		for {
			os.ReadFile("a")
		}
	}()
	syscall.Exec(path, []string{"cat", "sub/b"}, os.Environ())
}
`

// build builds a program of Go.
func build(t *testing.T, arch, source string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "threads")
	main := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(main, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-o", program, main)
	cmd.Env = append(os.Environ(), "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS=")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// TestNotExecutable runs a script without a first line, as a shell would.
func TestNotExecutable(t *testing.T) {
	dir := folder(t, "sub/b")
	script := filepath.Join(dir, "plain")
	if err := os.WriteFile(script, []byte("cat sub/b\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	trace, err := run(t, dir, script)
	if found := lines(trace, dir); err != nil || !slices.Contains(found, "read sub/b cat") {
		t.Errorf("%v: %q", err, found)
	}
}
