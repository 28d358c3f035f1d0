package scan_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/davit-dev/davit/internal/moduletest"
	"github.com/davit-dev/davit/plugins/scan"
)

var wasi = scan.Import{From: "wasi_snapshot_preview1", Offered: func(string) bool { return true }}

// TestDeclarations scans modules that declare more than they have. Each is refused in little time and memory.
func TestDeclarations(t *testing.T) {
	declared, running := moduletest.Attacks()
	var longest time.Duration
	var most uint64
	for name, module := range declared {
		data := module()
		used, took, err := measure(data)
		if err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 150 {
			t.Errorf("%s: got %v, wanted one short sentence", name, err)
		}
		longest, most = max(longest, took), max(most, used)
	}
	for name, module := range running {
		data := module()
		used, took, err := measure(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if used > 64<<20+uint64(len(data)) {
			t.Errorf("%s: scanning it took %d bytes", name, used)
		}
		longest = max(longest, took)
	}
	if most > 64<<20 {
		t.Errorf("scanning took %d bytes", most)
	}
	t.Logf("%d modules scanned, %d of them refused; at most %d KiB for one that is refused, longest %s",
		len(declared)+len(running), len(declared), most>>10, longest)
}

// measure returns how many bytes a scan allocated, and how long it took.
func measure(data []byte) (used uint64, took time.Duration, err error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	begin := time.Now()
	_, err = scan.Module(data, wasi)
	took = time.Since(begin)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, took, err
}

func TestCustomSectionsAreDropped(t *testing.T) {
	good := moduletest.Good()
	kept, err := scan.Module(moduletest.WithManifest(good, "x"), wasi)
	if err != nil || string(kept) != string(good) {
		t.Errorf("got %q (%v), wanted %q", kept, err, good)
	}
}
