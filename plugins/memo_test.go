package plugins

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/davit-dev/davit/internal/atomicfile"
	"github.com/davit-dev/davit/internal/blobs"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/plugins/plan"
)

var watched = map[string]string{
	"go.mod": "module m", "main.go": "package main // and so on", "opened": "o", "cmd/a": "", "other": "x",
}

func TestPlanIsMemoisedUntilAReadChanges(t *testing.T) {
	cases := map[string]struct {
		name, text string
		again      bool
	}{
		"nothing":                             {},
		"a file that was read":                {"go.mod", "module n", true},
		"a file that nobody read":             {"other", "y", false},
		"behind the head":                     {"main.go", "package main // changed", false},
		"in the head":                         {"main.go", "Package main // and so on", true},
		"inside of what was only opened":      {"opened", "something else", false},
		"a new file in a listed folder":       {"cmd/b", "", true},
		"a new file in another folder":        {"pkg/b", "", false},
		"a file that was missed appeared":     {"go.work", "", true},
		"one that the manifest reads appears": {"read-me", "", true},
	}
	h := newHost(t, Options{CacheDir: t.TempDir(), Now: later})
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, watched)
			first, err := ask(t, h, plugin("watch"), dir)
			if err != nil || first.From != FromInterpreter {
				t.Fatalf("first from %s (%v)", first.From, err)
			}
			if c.name != "" {
				put(t, dir, c.name, c.text)
			}
			before := h.Instances()
			second, err := ask(t, h, plugin("watch"), dir)
			if got := second.From != FromMemo; got != c.again || err != nil ||
				got != (h.Instances() > before) {
				t.Fatalf("again: %v, wanted %v (%d instances, %v)", got, c.again, h.Instances()-before, err)
			}
			if c.again {
				return
			}
			if diff := cmp.Diff(first.Plan, second.Plan); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(paths(first.Reads), paths(second.Reads)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMemoIsSharedByProcesses(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	if _, err := ask(t, newHost(t, Options{CacheDir: cache}), plugin("watch"), dir); err != nil {
		t.Fatal(err)
	}
	h := newHost(t, Options{CacheDir: cache})
	m := plugin("watch")
	m.bytes = func() ([]byte, error) { t.Error("the module is read"); return nil, os.ErrInvalid }
	if a, err := ask(t, h, m, dir); err != nil || a.From != FromMemo || h.Instances() != 0 {
		t.Errorf("got one from %s, with %d instances (%v)", a.From, h.Instances(), err)
	}
}

func paths(seen []tree.Observation) (out []string) {
	for _, o := range seen {
		out = append(out, o.String())
	}
	return out
}

func TestPlanDependsOnTheRequest(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	h := newHost(t, Options{CacheDir: cache})
	base := func() (*Module, plan.Request, []string) { return plugin("world"), request, []string{"TEAM=a"} }
	plan := func(m *Module, r plan.Request, env []string) int {
		before := h.Instances()
		if _, err := h.Plan(t.Context(), m, openTree(t, dir), r, env); err != nil {
			t.Fatal(err)
		}
		return h.Instances() - before
	}
	plan(base())
	if n := plan(base()); n != 0 {
		t.Error("the same question is asked twice")
	}
	m, r, env := base()
	if n := plan(m, r, append(env, "OTHER=x")); n != 0 {
		t.Error("a variable that the plugin did not ask for counts")
	}
	if n := plan(m, r, []string{"TEAM=b"}); n != 1 {
		t.Error("a granted variable does not count")
	}
	r.Config = json.RawMessage(`{"main":"./cmd/a"}`)
	if n := plan(m, r, env); n != 1 {
		t.Error("the configuration does not count")
	}
	m, r, env = base()
	m.Digest = "sha256:another"
	if n := plan(m, r, env); n != 1 {
		t.Error("the module does not count")
	}
	m, r, env = base()
	if _, err := h.Plan(t.Context(), m, openTree(t, dir, "secrets/"), r, env); err != nil ||
		h.Instances() != 5 {
		t.Error("what is hidden does not count")
	}
}

func TestADamagedEntryIsDiscarded(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	for name, damage := range map[string]func([]byte) []byte{
		"a byte":  func(b []byte) []byte { b[len(b)/2] ^= 1; return b },
		"cut off": func(b []byte) []byte { return b[:len(b)/2] },
		"empty":   func([]byte) []byte { return nil },
		"another": func([]byte) []byte { return (&entry{raw: []byte(`{"api":1,"match":false}`)}).encode() },
	} {
		h := newHost(t, Options{CacheDir: cache})
		if _, err := ask(t, h, plugin("watch"), dir); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(cache, "plans", "*"))
		if len(files) != 1 {
			t.Fatalf("%s: the cache holds %q", name, files)
		}
		data, _ := os.ReadFile(files[0])
		if err := os.WriteFile(files[0], damage(data), 0o600); err != nil {
			t.Fatal(err)
		}
		before := h.Instances()
		a, err := ask(t, h, plugin("watch"), dir)
		if err != nil || a.From == FromMemo || !a.Plan.Match || h.Instances() != before+1 {
			t.Errorf("%s: got %+v (%v)", name, a, err)
		}
	}
}

func TestWithoutACacheItWorksWithOneWarning(t *testing.T) {
	dir := folder(t, watched)
	blocked := filepath.Join(dir, "other") // a file where the folder should be
	var warnings []string
	h := newHost(t, Options{CacheDir: blocked, Warn: func(text string) { warnings = append(warnings, text) }})
	for range 2 {
		if a, err := ask(t, h, plugin("watch"), dir); err != nil || a.From != FromInterpreter {
			t.Errorf("got %+v (%v)", a, err)
		}
	}
	h.Warm(t.Context())
	if len(warnings) != 1 {
		t.Errorf("warned with %q", warnings)
	}
}

func TestConcurrentPlans(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	hosts := []*Host{newHost(t, Options{CacheDir: cache}), newHost(t, Options{CacheDir: cache})}
	var wait sync.WaitGroup
	opened := openTree(t, dir)
	for i := range 12 {
		wait.Go(func() {
			a, err := hosts[i%2].Plan(t.Context(), plugin("watch"), opened, request, nil)
			if err != nil || a.Plan.Decisions[0] != "module m" {
				t.Errorf("got %+v (%v)", a, err)
			}
		})
	}
	wait.Wait()
	if remaining, _ := filepath.Glob(filepath.Join(cache, "*", atomicfile.Prefix+"*")); len(remaining) > 0 {
		t.Errorf("left %q", remaining)
	}
}

func TestWarmCompilesUsedModules(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	h := newHost(t, Options{CacheDir: cache})
	if _, err := ask(t, h, plugin("watch"), dir); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := h.Warm(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	from := func(want string) {
		t.Helper()
		put(t, dir, "go.mod", "module n"+time.Now().String())
		a, err := ask(t, newHost(t, Options{CacheDir: cache}), plugin("watch"), dir)
		if err != nil || a.From != want {
			t.Errorf("got one from %s (%v), wanted from %s", a.From, err, want)
		}
	}
	from(FromCompiler)
	code, _ := filepath.Glob(filepath.Join(cache, "compiled", "*", "wazero-*", "*"))
	if len(code) != 1 {
		t.Fatalf("the cache holds %q", code)
	}
	data, _ := os.ReadFile(code[0])
	data[40] ^= 1 // in the table of functions, which wazero's checksum does not cover
	if err := os.WriteFile(code[0], data, 0o600); err != nil {
		t.Fatal(err)
	}
	from(FromInterpreter)
	if remaining, _ := os.ReadDir(filepath.Join(cache, "compiled")); len(remaining) != 0 {
		t.Errorf("what was damaged is still there: %v", remaining)
	}
}

func TestAnAbandonedCompilationIsWaitedForLonger(t *testing.T) {
	h := newHost(t, Options{CacheDir: t.TempDir()})
	h.engine(plugin("good"))
	for _, want := range []time.Duration{2, 4, 8, 16, 32, 64, 64} {
		if got := h.WarmTime(); got != want*time.Second {
			t.Errorf("got %s, wanted %ds", got, want)
		}
		h.noteAbandoned(blobs.Digest(hostile))
	}
	if err := h.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.WarmTime(); got != 2*time.Second {
		t.Errorf("afterwards: %s", got)
	}
}

func TestWarmAfterAMemoHitCompilesToo(t *testing.T) {
	dir, cache := folder(t, watched), t.TempDir()
	for range 2 {
		h := newHost(t, Options{CacheDir: cache})
		if _, err := ask(t, h, plugin("watch"), dir); err != nil {
			t.Fatal(err)
		}
		if h.Instances() == 0 {
			if err := h.Warm(t.Context()); err != nil || !h.hasCompiled(blobs.Digest(hostile)) {
				t.Errorf("nothing was compiled (%v)", err)
			}
		}
	}
}

func TestPruneKeepsWhatIsUsed(t *testing.T) {
	cache := t.TempDir()
	old := time.Now().Add(-2 * maxUnused)
	for _, name := range []string{"plans/old", "plans/new"} {
		put(t, cache, name, "")
	}
	if err := os.Chtimes(filepath.Join(cache, "plans", "old"), old, old); err != nil {
		t.Fatal(err)
	}
	newHost(t, Options{CacheDir: cache}).prune("plans")
	remaining, _ := os.ReadDir(filepath.Join(cache, "plans"))
	if len(remaining) != 1 || remaining[0].Name() != "new" {
		t.Errorf("left %v", remaining)
	}
}

func FuzzDecodeEntry(f *testing.F) {
	e := entry{raw: []byte(`{"api":1,"match":false}`), said: "it said so",
		reads: []tree.Observation{{Path: "a", Kind: tree.File, Read: 3, Settled: true}}}
	f.Add(e.encode())
	f.Add([]byte("davit plan 2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := decodeEntry(data)
		if err != nil {
			return
		}
		back, err := decodeEntry(e.encode())
		if err != nil || back.key != e.key || back.said != e.said || !slices.Equal(back.reads, e.reads) ||
			!bytes.Equal(back.raw, e.raw) {
			t.Errorf("%+v became %+v (%v)", e, back, err)
		}
	})
}
