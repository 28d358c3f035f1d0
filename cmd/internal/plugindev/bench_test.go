package plugindev

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/davit-dev/davit/plugins"
)

// BenchmarkLanguages measures the plugin of examples/plugins in each language: its size; the answer of a new plugin, which is
// interpreted; its compilation, which davit does beside other work; and the answer once it is compiled. Each answer has a process
// of its own. The least of all rounds is printed too, which other work on the machine changes less than the mean.
func BenchmarkLanguages(b *testing.B) {
	for _, e := range languagesOfExamples {
		b.Run(e.language, func(b *testing.B) {
			dir := e.copy(b)
			build(b, dir)
			m, err := open(dir)
			if err != nil {
				b.Fatal(err)
			}
			b.Run("first", func(b *testing.B) { benchmarkFirst(b, m) })
			b.Run("compile", func(b *testing.B) { benchmarkCompile(b, m) })
			b.Run("compiled", func(b *testing.B) { benchmarkCompiled(b, m) })
		})
	}
}

func benchmarkFirst(b *testing.B, m *plugins.Module) {
	data, err := m.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	least(b, func(int) func() {
		h := plugins.NewHost(plugins.Options{CacheDir: b.TempDir()})
		return func() { askExample(b, h, m, 0) }
	})
	b.ReportMetric(float64(len(data)), "bytes")
}

func benchmarkCompile(b *testing.B, m *plugins.Module) {
	least(b, func(int) func() {
		h := plugins.NewHost(plugins.Options{CacheDir: b.TempDir()})
		askExample(b, h, m, 0)
		return func() {
			if err := h.Warm(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchmarkCompiled(b *testing.B, m *plugins.Module) {
	cache := b.TempDir()
	h := plugins.NewHost(plugins.Options{CacheDir: cache})
	askExample(b, h, m, 0)
	if err := h.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	least(b, func(i int) func() {
		next := plugins.NewHost(plugins.Options{CacheDir: cache})
		return func() { askExample(b, next, m, i+1) }
	})
}

// askExample asks about a project. A project of another name has no memoised answer.
func askExample(b *testing.B, h *plugins.Host, m *plugins.Module, name int) {
	q := Question{Project: filepath.Join(examples, "testdata", "erlang", projectFolder), Name: strconv.Itoa(name)}
	if a, err := ask(b.Context(), h, m, q); err != nil || !a.Plan.Match {
		b.Fatal(a, err)
	}
}

// least measures what each call of prepare returns.
func least(b *testing.B, prepare func(round int) func()) {
	best := time.Hour
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		measured := prepare(i)
		b.StartTimer()
		begin := time.Now()
		measured()
		best = min(best, time.Since(begin))
	}
	b.ReportMetric(best.Seconds()*1000, "least-ms")
}
