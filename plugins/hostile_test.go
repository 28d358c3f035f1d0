package plugins

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/internal/blobs"
)

func TestHostilePlugins(t *testing.T) {
	dir := folder(t, map[string]string{"go.mod": "module m"})
	if err := os.WriteFile(filepath.Join(dir, "large"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(dir, "large"), 64<<20); err != nil {
		t.Fatal(err)
	}
	h, impatient := newHost(t, Options{}), newHost(t, Options{Time: time.Second})
	t.Run("all", func(t *testing.T) {
		for way, want := range map[string]string{
			"loop":               "did not answer within 1s of processor time",
			"small-reads":        "did not answer within 1s of processor time",
			"one-long-call":      "did not answer within 1s of processor time",
			"stdout":             "gave an answer of more than 4 MiB",
			"stdout-anyhow":      "gave an answer of more than 4 MiB",
			"huge":               "gave an answer of more than 4 MiB",
			"stderr":             "wrote more than 1 MiB to standard error",
			"reads":              "read more than 1024 MiB of files",
			"memory":             "exited with code 2: runtime: out of memory",
			"paths":              "looked at more paths than a plugin may",
			"garbage":            "gave an invalid plan: invalid character",
			"nothing":            "gave an invalid plan: the answer is empty",
			"nested":             "gave an invalid plan: it is nested more than",
			"outside":            `gave an invalid plan: step "evil": dir: "../.." leaves the project`,
			"exit-3":             "exited with code 3",
			"exit-like-the-host": "exited with code 4026531840",
			"exit-1-silently":    "exited with code 1",
			"panic":              "exited with code 2: panic: boom",
		} {
			t.Run(way, func(t *testing.T) {
				t.Parallel()
				host := h
				if strings.HasPrefix(want, "did not answer") {
					host = impatient
				}
				_, err := ask(t, host, plugin(way), dir)
				var fault *Error
				if !errors.As(err, &fault) || !strings.HasPrefix(fault.Reason, want) {
					t.Fatalf("got %v, wanted that it %s", err, want)
				}
				if text := err.Error(); !strings.Contains(text, way) ||
					!strings.Contains(text, blobs.Short(blobs.Digest(hostile))) || strings.Contains(text, "\n") {
					t.Errorf("%q: wanted one line with name and digest", text)
				}
				if !strings.Contains(fault.Hint(), "[plugins."+way+"]") {
					t.Errorf("hint is %q", fault.Hint())
				}
			})
		}
	})
	for _, host := range []*Host{h, impatient} {
		a, err := ask(t, host, plugin("good"), dir)
		if err != nil || a.Plan.Decisions[0] != "good" {
			t.Errorf("afterwards a good plugin answers %v (%v)", a.Plan, err)
		}
	}
}

func TestABusyMachineIsNoFaultOfThePlugin(t *testing.T) {
	_, err := ask(t, newHost(t, Options{Wait: time.Nanosecond}), plugin("loop"), folder(t, nil))
	var busy *BusyError
	if !errors.As(err, &busy) || busy.Plugin != "loop" || !strings.HasPrefix(err.Error(),
		`this machine is busy: plugin "loop" (`+blobs.Short(blobs.Digest(hostile))+") got ") {
		t.Errorf("got %v", err)
	}
}

func TestTheTimeOfOthersDoesNotCount(t *testing.T) {
	done := make(chan struct{})
	for range 4 {
		go func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
			}
		}()
	}
	defer close(done)
	used, stop := startTimer()
	defer stop()
	time.Sleep(100 * time.Millisecond)
	if got := used(); runtime.GOOS == "linux" && got > 50*time.Millisecond {
		t.Errorf("the test waited and is charged %s", got)
	}
}

func TestASlowAnswerIsCompiledAndStaysSo(t *testing.T) {
	cache, dir := t.TempDir(), folder(t, nil)
	h := newHost(t, Options{CacheDir: cache})
	h.interpreted = time.Nanosecond
	a, err := ask(t, h, plugin("slow"), dir)
	if err != nil || a.From != FromCompiler || h.Instances() != 2 {
		t.Fatalf("got %+v (%v) of %d instances", a, err, h.Instances())
	}
	a, err = ask(t, newHost(t, Options{CacheDir: cache}), plugin("good"), dir)
	if err != nil || a.From != FromCompiler {
		t.Errorf("the next davit got %+v (%v)", a, err)
	}
}

func TestAWalkThroughAFolderThatIsNoProjectEnds(t *testing.T) {
	files := map[string]string{}
	for i := range 30 {
		files[fmt.Sprintf("d%d/f%d", i%3, i)] = ""
	}
	dir := folder(t, files)
	for limit, ok := range map[int]bool{0: true, 33: true, 32: false} {
		_, err := ask(t, newHost(t, Options{Entries: limit}), plugin("walk"), dir)
		var large *LargeError
		if ok != (err == nil) || !ok && (!errors.As(err, &large) || large.Plugin != "walk") {
			t.Errorf("%d: got %v", limit, err)
		}
	}
}

func TestEndlessRecursionEnds(t *testing.T) {
	_, err := ask(t, newHost(t, Options{Time: time.Second}), plugin("recursion"), folder(t, nil))
	var fault *Error
	if !errors.As(err, &fault) {
		t.Errorf("got %v", err)
	}
}

func TestHarmlessExcessesAreNoFaults(t *testing.T) {
	dir := folder(t, map[string]string{"go.mod": "module m"})
	h := newHost(t, Options{})
	for _, c := range []struct{ way, want, from string }{
		{"files", "true", FromInterpreter},
		{"big-descriptor", "52", FromInterpreter},
		{"deep", "20000", FromCompiler}, // too deep for the interpreter's stack
	} {
		a, err := ask(t, h, plugin(c.way), dir)
		if err != nil || a.Plan.Decisions[0] != c.want || a.From != c.from {
			t.Errorf("%s: got %+v (%v), wanted %s", c.way, a, err, c.want)
		}
	}
}

func TestMessagesOfPlugins(t *testing.T) {
	dir := folder(t, nil)
	h := newHost(t, Options{})
	_, err := ask(t, h, plugin("message"), dir)
	if want := "message: go.mod:3: [31mno module[0m\nline two\uFFFD"; err == nil || err.Error() != want {
		t.Errorf("got %q, wanted %q", err, want)
	}
	var stderr *MessageError
	if !errors.As(err, &stderr) {
		t.Errorf("got a %T", err)
	}
	_, err = ask(t, h, plugin("long-message"), dir)
	if text := err.Error(); len(text) > 2*maxMessage ||
		!strings.HasPrefix(text, "long-message: line 0\nline 1\n") {
		t.Errorf("got %d bytes: %.40q", len(text), text)
	}
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
		t.Error("there are control characters in it")
	}
}

func TestSandboxContainsOnlyTheProject(t *testing.T) {
	outside := folder(t, map[string]string{"x": "out of it"})
	dir := folder(t, map[string]string{
		"go.mod": "module m", "cmd/a": "in it", ".env": "A=1", ".git/config": "git", "secrets/key": "key",
	})
	for name, target := range map[string]string{
		"link": "go.mod", "dirlink": "cmd", "out": "../" + filepath.Base(outside) + "/x",
		"abs":  filepath.Join(outside, "x"),
		"loop": "loop", "gitlink": ".git/config",
	} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	mkfifo(t, filepath.Join(dir, "fifo"))
	h := newHost(t, Options{})
	a, err := h.Plan(t.Context(), plugin("look"), openTree(t, dir, "secrets/"), request, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"go.mod: module m", "link: module m", "dirlink/a: in it", "out: absent", "abs: absent",
		"loop: absent", "fifo: absent",
		".env: absent", ".git/config: absent", "gitlink: absent", "secrets/key: absent", "/../x: absent",
		"cmd dirlink go.mod link", "8 0 true",
	}
	if diff := cmp.Diff(want, a.Plan.Decisions); diff != "" {
		t.Error(diff)
	}
}

// TestAPluginGetsOnlyWhatItWasGranted has a plugin try all that there is: first what it may have, so that a try that works is seen
// to work.
func TestAPluginGetsOnlyWhatItWasGranted(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	outside := filepath.Join(folder(t, map[string]string{"key": "outside"}), "key")
	t.Setenv("ABSENT", "of the caller")
	dir := folder(t, map[string]string{
		".env": "A=1", ".env.local": "A=1", ".git/config": "git", "secrets/key": "key", "cmd/a": "granted",
		"wanted": strings.Join([]string{
			"file cmd/a", "listed cmd/a", "variable TEAM",
			"file " + outside, "file ../" + filepath.Base(filepath.Dir(outside)) + "/key", "file etc/passwd", "file proc/self/environ",
			"file dev/stdin", "file cmd/../../" + filepath.Base(filepath.Dir(outside)) + "/key", "file out", "file out/key", "file dirout/key",
			"file .env", "file .env.local", "file .git/config", "file secrets/key", "file hidden",
			"listed .env", "listed .env.local", "listed .git", "listed .git/config", "listed secrets", "listed secrets/key",
			"variable ABSENT", "variable HOME", "variable PATH",
			"network " + l.Addr().String(), "program sh", "program /bin/sh", "clock", "descriptors",
		}, "\n"),
	})
	for name, target := range map[string]string{"out": outside, "dirout": filepath.Dir(outside), "hidden": "secrets/key"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	a, err := newHost(t, Options{}).Plan(t.Context(), plugin("pry"), openTree(t, dir, "secrets/"), request, []string{"TEAM=blue", "HOME=/h"})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`file cmd/a: cmd/a has "granted"`, "listed cmd/a: it is listed", "variable TEAM: blue"}
	if diff := cmp.Diff(want, a.Plan.Decisions); diff != "" {
		t.Error(diff)
	}
}

func TestNothingCanBeWritten(t *testing.T) {
	dir := folder(t, map[string]string{"go.mod": "module m"})
	a, err := ask(t, newHost(t, Options{}), plugin("write"), dir)
	if err != nil || len(a.Plan.Decisions) > 0 {
		t.Errorf("it could %v (%v)", a.Plan, err)
	}
	entries, err := os.ReadDir(dir)
	if text, _ := os.ReadFile(filepath.Join(dir, "go.mod")); len(entries) != 1 ||
		string(text) != "module m" || err != nil {
		t.Errorf("the project is %v, %q (%v)", entries, text, err)
	}
}

func TestRunsAreDeterministic(t *testing.T) {
	t.Setenv("HOME", "/home/somebody")
	dir := folder(t, nil)
	h := newHost(t, Options{})
	one, err := ask(t, h, plugin("world"), dir, "HOME=/h", "TEAM=a=b", "OTHER=x")
	if err != nil {
		t.Fatal(err)
	}
	two, err := ask(t, h, plugin("world"), dir, "TEAM=a=b")
	if diff := cmp.Diff(one.Plan, two.Plan); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for _, want := range []string{"env [TEAM=a=b]", "time 1000000000true", "accept false false",
		"args [world plan]"} {
		if !slices.ContainsFunc(one.Plan.Decisions,
			func(s string) bool { return strings.HasPrefix(strings.ReplaceAll(s, " true", "true"), want) }) {
			t.Errorf("%q is not in %q", want, one.Plan.Decisions)
		}
	}
}

func TestCancellation(t *testing.T) {
	dir := folder(t, map[string]string{"go.mod": ""})
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("interrupted")
	h := newHost(t, Options{})
	go func() {
		for h.Instances() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel(cause)
	}()
	if _, err := h.Plan(ctx, plugin("loop"), openTree(t, dir), request, nil); !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

// The modules in this test are written by hand, since no compiler makes such modules.
func TestModulesThatAreNotPrograms(t *testing.T) {
	start := "\x01\x04\x01\x60\x00\x00" + "\x03\x02\x01\x00"
	export := "\x05\x03\x01\x00\x01" + "\x07\x0a\x01\x06_start\x00\x00"
	// a table by 128 million entries
	growing := "\x0a\x0f\x01\x0d\x00\xd0\x70\x41\xff\xff\xff\x3f\xfc\x0f\x00\x1a\x0b"
	for name, c := range map[string]struct{ module, want string }{
		"a table without end": {start + "\x04\x04\x01\x70\x00\x01" + export + growing, "cannot be loaded"},
		"a table with an end": {start + "\x04\x05\x01\x70\x01\x01\x10" + export + growing,
			"gave an invalid plan: the answer is empty"},
		"a huge table": {start + "\x04\x07\x01\x70\x00\xff\xff\xff\x7f" + export + growing,
			"cannot be loaded: it has tables of 268435455 entries"},
		"too much memory": {"\x05\x04\x01\x00\x81\x20", "cannot be loaded"},
		"an import from nowhere": {"\x01\x04\x01\x60\x00\x00" + "\x02\x07\x01\x01a\x01b\x00\x00",
			`cannot be loaded: it imports "b" of "a", which davit does not offer`},
		"an import of sockets": {"\x01\x04\x01\x60\x00\x00" + "\x02\x24\x01\x16wasi_snapshot_preview1\x09sock_open\x00\x00",
			`cannot be loaded: it imports "sock_open" of "wasi_snapshot_preview1", which davit does not offer`},
		"nothing at all": {"", "gave an invalid plan: the answer is empty"},
		"half a section": {"\x01\x7f\x01", "cannot be loaded: it is truncated: a section of 127 bytes has 1"},
		"nonsense":       {"\x63\x01\x01", "cannot be loaded"},
	} {
		t.Run(name, func(t *testing.T) {
			data := []byte(string(header) + c.module)
			m := &Module{Manifest: Manifest{Name: "odd"}, Digest: blobs.Digest(data),
				bytes: func() ([]byte, error) { return data, nil }}
			_, err := ask(t, newHost(t, Options{}), m, folder(t, nil))
			var fault *Error
			if !errors.As(err, &fault) || !strings.HasPrefix(fault.Reason, c.want) {
				t.Errorf("got %v, wanted that it %s", err, c.want)
			}
		})
	}
}
