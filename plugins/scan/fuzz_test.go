package scan_test

import (
	"maps"
	"runtime"
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/davit-dev/davit/internal/moduletest"
	"github.com/davit-dev/davit/plugins/scan"
)

// What decoding and compiling for the interpreter may allocate, in bytes: for any module, and for each byte.
const (
	fixedCost = 256 << 20
	costEach  = 4000
)

// FuzzModule checks that a scan ends, that what it accepts it accepts again, and that wazero needs no more
// memory for that than its size explains.
func FuzzModule(f *testing.F) {
	declared, running := moduletest.Attacks()
	maps.Copy(declared, running)
	declared["good"] = moduletest.Good
	for _, module := range declared {
		if data := module(); len(data) < 4096 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		kept, err := scan.Module(data, wasi)
		if err != nil {
			return
		}
		if again, err := scan.Module(kept, wasi); err != nil || string(again) != string(kept) {
			t.Fatalf("what was accepted is not: %v", err)
		}
		if used := compiled(t, kept); used > fixedCost+costEach*uint64(len(data)) {
			t.Fatalf("a module of %d bytes takes %d", len(data), used)
		}
	})
}

// compiled returns how many bytes it takes to decode and compile a module for the interpreter, if it can be.
func compiled(t *testing.T, data []byte) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	defer r.Close(t.Context())
	if c, err := r.CompileModule(t.Context(), data); err == nil {
		c.Close(t.Context())
	}
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
