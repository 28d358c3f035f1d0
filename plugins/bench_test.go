package plugins

import (
	"fmt"
	"slices"
	"testing"
)

// The budgets for what a user waits for: 300 ms for the first plan ever, 100 ms after a manifest changed, and
// below 1 ms if nothing did. Each round has a Host of its own, as each davit has.

// stack returns the go plugin and a project for it. It skips the benchmark without built-in plugins.
func stack(b *testing.B) (*Module, string) {
	b.Helper()
	all, err := Builtin()
	if err != nil {
		b.Skip(err)
	}
	at := slices.IndexFunc(all, func(m *Module) bool { return m.Manifest.Name == "go" })
	if at < 0 {
		b.Skip("there is no go plugin")
	}
	files := map[string]string{"go.mod": "module example.com/shop\n\ngo 1.26\n",
		"cmd/shop/main.go": "package main\n\nfunc main() {}\n"}
	for i := range 30 {
		files[fmt.Sprintf("internal/p%d/p.go", i)] = fmt.Sprintf("package p%d\n", i)
		files[fmt.Sprintf("internal/p%d/p_test.go", i)] = fmt.Sprintf("package p%d\n", i)
	}
	return all[at], folder(b, files)
}

func round(b *testing.B, m *Module, dir, cache, from string) *Host {
	h := NewHost(Options{CacheDir: cache, Now: later})
	a, err := ask(b, h, m, dir)
	if err != nil {
		b.Fatal(err)
	}
	if a.From != from {
		b.Fatalf("the plan is from the %s, wanted the %s", a.From, from)
	}
	return h
}

func BenchmarkFirstPlan(b *testing.B) {
	m, dir := stack(b)
	for b.Loop() {
		round(b, m, dir, b.TempDir(), FromInterpreter).Close(b.Context())
	}
}

func BenchmarkPlanAgain(b *testing.B) {
	m, dir := stack(b)
	cache := b.TempDir()
	h := round(b, m, dir, cache, FromInterpreter)
	if err := h.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		put(b, dir, "go.mod", fmt.Sprintf("module example.com/shop%d\n\ngo 1.26\n", i))
		round(b, m, dir, cache, FromCompiler).Close(b.Context())
	}
}

func BenchmarkMemo(b *testing.B) {
	m, dir := stack(b)
	cache := b.TempDir()
	round(b, m, dir, cache, FromInterpreter)
	for b.Loop() {
		round(b, m, dir, cache, FromMemo)
	}
}

func BenchmarkWarm(b *testing.B) {
	m, dir := stack(b)
	for b.Loop() {
		h := round(b, m, dir, b.TempDir(), FromInterpreter)
		if err := h.Warm(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
