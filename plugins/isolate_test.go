package plugins

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/davit-dev/davit/plugins/scan"
)

var ofWASI = scan.Import{From: wasi_snapshot_preview1.ModuleName, Offered: offersFunction}

// builtIn returns the bytes of the built-in plugins, by name.
func builtIn(t testing.TB) map[string][]byte {
	t.Helper()
	all, err := Builtin()
	if err != nil {
		t.Skip(err)
	}
	found := map[string][]byte{}
	for _, m := range all {
		if found[m.Manifest.Name], err = m.Bytes(); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func TestBuiltInPluginsPassTheScan(t *testing.T) {
	for name, data := range builtIn(t) {
		if kept, err := scan.Module(data, ofWASI); err != nil || len(kept) < len(data)*9/10 {
			t.Errorf("%s: %d bytes of %d (%v)", name, len(kept), len(data), err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	data := builtIn(b)["node"]
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := scan.Module(data, ofWASI); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOfferedFunctionsAreThoseOfTheHost(t *testing.T) {
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	defer r.Close(t.Context())
	if err := instantiateWASI(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	exported := r.Module(wasi_snapshot_preview1.ModuleName).ExportedFunctionDefinitions()
	for name := range exported {
		if !offersFunction(name) {
			t.Errorf("%s is not offered", name)
		}
	}
	for name := range strings.FieldsSeq(wasiFunctions) {
		if exported[name] == nil {
			t.Errorf("%s is not there, only %v", name, slices.Sorted(maps.Keys(exported)))
		}
	}
	for _, name := range []string{"", " ", "fd", "fd_read fd_readdir", "FD_READ"} {
		if offersFunction(name) {
			t.Errorf("%q is offered", name)
		}
	}
}

// TestAnAnswerIsTheSameInAnyProcess compares what a plugin answers in this process and in one of its own.
func TestAnAnswerIsTheSameInAnyProcess(t *testing.T) {
	dir := folder(t, map[string]string{"go.mod": "module m", "read-me": "read", ".env": "A=1"})
	for _, way := range []string{"good", "look", "world", "message", "exit-3"} {
		near, far := plugin(way), plugin(way)
		near.trusted = true
		one, errOne := ask(t, newHost(t, Options{}), near, dir, "TEAM=a")
		two, errTwo := ask(t, newHost(t, Options{}), far, dir, "TEAM=a")
		one.Took, two.Took = 0, 0
		if textOf(errOne) != textOf(errTwo) || describe(one) != describe(two) {
			t.Errorf("%s: got %s (%v) and %s (%v)", way, describe(one), errOne, describe(two), errTwo)
		}
	}
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// describe returns an answer as text.
func describe(a Answer) string {
	var b strings.Builder
	for _, o := range a.Reads {
		b.WriteString(o.String() + "\n")
	}
	if a.Plan != nil {
		b.WriteString(strings.Join(a.Plan.Decisions, "\n"))
	}
	return a.From + "\n" + b.String()
}
