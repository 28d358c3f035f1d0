//go:build linux || darwin

package cli_test

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/moduletest"
	"github.com/davit-dev/davit/plugins"
	"github.com/davit-dev/davit/plugins/scan"
)

// The promise about a plugin of any bytes.
const (
	maxOfModule  = 1 << 30 // bytes of memory of the largest process
	maxForModule = 30 * time.Second
)

// damaged is how many damaged modules are tried of each kind.
var damaged = flag.Int("damaged", 2, "modules of each kind that TestModulesOfAnyBytes damages")

// TestModulesOfAnyBytes asks for the targets of a project with a plugin that attacks davit: one that declares
// more than it has, one that uses up what it gets, a part of a real one, a real one with other bits.
func TestModulesOfAnyBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("left out: it takes a minute")
	}
	var most int64
	var longest, used time.Duration
	tried, held := 0, 0
	all, dir := hostileModules(t), t.TempDir()
	linkPlugins(t, filepath.Join(dir, ".cache"))
	for _, name := range slices.Sorted(maps.Keys(all)) {
		tried++
		c := targetsOf(t, dir, all[name]())
		forgetMemory()
		r := look(t, c)
		if reason := r.broken(); reason != "" {
			t.Errorf("%s: %s\n%s", name, reason, r.stderr)
			continue
		}
		held++
		most, longest, used = max(most, r.memory), max(longest, r.took), max(used, r.processor)
		t.Logf("%-32s %4d MiB %6.2fs  %s", name, r.memory>>20, r.took.Seconds(), r.warning())
	}
	t.Logf("%d modules tried, %d held, most memory %d MiB, longest time %.1fs (%.1fs of the processor)", tried,
		held, most>>20, longest.Seconds(), used.Seconds())
}

// forgetMemory gives back what this process does not need. On Linux a new process counts the most that its
// parent ever had as its own.
func forgetMemory() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // without it the figures are too large
}

// hostileModules returns modules by what they do.
func hostileModules(t *testing.T) map[string]func() []byte {
	declared, running := moduletest.Attacks()
	all := maps.Clone(declared)
	maps.Copy(all, running)
	all["a good one"] = moduletest.Good
	maps.Copy(all, changed("small", moduletest.Good(), *damaged))
	if builtin, err := plugins.Builtin(); err == nil {
		data, err := builtin[0].Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if data, err = scan.Module(data, scan.Import{From: "wasi_snapshot_preview1",
			Offered: func(string) bool { return true }}); err != nil {
			t.Fatal(err)
		}
		maps.Copy(all, changed("real", data, *damaged))
	}
	return all
}

// changed returns variants of a module: cut off, with other bits, and with bytes from elsewhere in it.
func changed(name string, data []byte, n int) map[string]func() []byte {
	all := map[string]func() []byte{}
	for i := range n {
		random := rand.New(rand.NewPCG(14, uint64(i)))
		all[fmt.Sprintf("%s, cut %d", name, i)] = func() []byte { return data[:random.IntN(len(data))] }
		all[fmt.Sprintf("%s, flipped %d", name, i)] = func() []byte {
			flipped := bytes.Clone(data)
			for range 1 + i {
				flipped[8+random.IntN(len(data)-8)] ^= 1 << random.IntN(8)
			}
			return flipped
		}
		all[fmt.Sprintf("%s, moved %d", name, i)] = func() []byte {
			from, to := random.IntN(len(data)-16), 8+random.IntN(len(data)-24)
			return slices.Concat(data[:to], data[from:from+16], data[to+16:])
		}
	}
	return all
}

// A looking is one call of davit targets.
type looking struct {
	stdout, stderr  string
	code            int
	memory          int64 // of the largest process, in bytes
	took, processor time.Duration
}

// targetsOf returns davit targets in a project with a Makefile and a plugin "evil". In the same folder the plan
// of make is known.
func targetsOf(t *testing.T, dir string, module []byte) *exec.Cmd {
	t.Helper()
	for name, text := range map[string]string{"x": "", "Makefile": "hello:\n\techo hello\n",
		"project.toml": "[plugins.evil]\nfrom = \"evil.wasm\"\n",
		"evil.wasm":    string(moduletest.WithManifest(module, "evil"))} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("davit", "targets")
	c.Dir, c.Env = dir, append(os.Environ(), "DAVIT_CACHE="+filepath.Join(dir, ".cache"))
	return c
}

// look runs it.
func look(t *testing.T, c *exec.Cmd) looking {
	t.Helper()
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	begin := time.Now()
	if err := c.Run(); c.ProcessState == nil {
		t.Fatal(err)
	}
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	memory := usage.Maxrss
	if runtime.GOOS == "linux" {
		memory <<= 10
	}
	return looking{stdout.String(), stderr.String(), c.ProcessState.ExitCode(), memory, time.Since(begin),
		c.ProcessState.UserTime() + c.ProcessState.SystemTime()}
}

var ofEvil = regexp.MustCompile(`(?m)^(?:warning: plugin "evil" |error: project.toml:2:\d+: .*evil.wasm )` +
	`\(sha256:[0-9a-f]{12}\)[: ].*$`)

func (r looking) warning() string { return ofEvil.FindString(r.stderr) }

// broken returns which promise was not kept.
func (r looking) broken() string {
	refused := r.code == 2 && r.stdout == "" // a module in which no manifest can be found
	switch {
	case r.memory > maxOfModule:
		return fmt.Sprintf("it took %d MiB", r.memory>>20)
	case r.processor > maxForModule:
		return fmt.Sprintf("it took %s of the processor", r.processor)
	case strings.Contains(r.stderr, "goroutine") || strings.Contains(r.stderr, ".go:"):
		return "davit shows its own code"
	case r.code != 0 && !refused:
		return fmt.Sprintf("the exit code is %d", r.code)
	case !refused && !strings.Contains(r.stdout, "hello"):
		return "the targets of make are not there"
	case r.warning() == "" && r.stderr != "":
		return "it does not name the plugin and its digest"
	case len(slices.Collect(strings.Lines(r.stderr))) > 3:
		return "it says more than a sentence and a hint"
	}
	return ""
}

// TestNoProcessOfAPluginOutlivesDavit ends davit while a plugin runs.
func TestNoProcessOfAPluginOutlivesDavit(t *testing.T) {
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("left out: there is no /proc")
	}
	_, running := moduletest.Attacks()
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		c := targetsOf(t, t.TempDir(), running["a loop"]())
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the process of the plugin", func() bool { return len(pluginProcesses(c.Dir)) == 1 })
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil {
			t.Errorf("%v: davit ended well", signal)
		}
		waitFor(t, "its end", func() bool { return len(pluginProcesses(c.Dir)) == 0 })
	}
}

// TestAProcessOfAPluginThatIsKilled kills it as the system does that has no memory: davit says so in a
// sentence, and lists what the others offer.
func TestAProcessOfAPluginThatIsKilled(t *testing.T) {
	if _, err := os.Stat("/proc/self/cmdline"); err != nil {
		t.Skip("left out: there is no /proc")
	}
	_, running := moduletest.Attacks()
	c := targetsOf(t, t.TempDir(), running["a loop"]())
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the process of the plugin", func() bool { return len(pluginProcesses(c.Dir)) == 1 })
	for _, pid := range pluginProcesses(c.Dir) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	err := c.Wait()
	r := looking{stdout: stdout.String(), stderr: stderr.String(), code: c.ProcessState.ExitCode()}
	if reason := r.broken(); reason != "" || err != nil ||
		!strings.Contains(r.warning(), "its process ended without an answer (signal: killed)") {
		t.Errorf("%v %s\n%s", err, reason, r.stderr)
	}
}

func waitFor(t *testing.T, event string, happened func() bool) {
	t.Helper()
	for begin := time.Now(); !happened(); time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > time.Minute {
			t.Fatalf("%s did not come", event)
		}
	}
}

// pluginProcesses returns the processes for plugins that were started in a folder.
func pluginProcesses(dir string) (all []int) {
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		line, _ := os.ReadFile(name)
		where, _ := os.Readlink(filepath.Join(filepath.Dir(name), "cwd"))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil && where == dir &&
			bytes.Contains(line, []byte("__davit-plugin")) {
			all = append(all, pid)
		}
	}
	return all
}
