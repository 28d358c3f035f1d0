package tree

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/davit-dev/davit/internal/atomicfile"
)

// BenchmarkNothingChanged is what a project of 300 files costs when nothing has happened: listing, and hashing from the index.
func BenchmarkNothingChanged(b *testing.B) {
	dir, file := b.TempDir(), filepath.Join(b.TempDir(), "index")
	tr := must(Open(dir))
	defer tr.Close()
	var paths []string
	for i := range 300 {
		paths = append(paths, fmt.Sprintf("pkg/d%d/f%d.go", i%20, i))
		must(0, atomicfile.Write(filepath.Join(dir, filepath.FromSlash(paths[i])), make([]byte, 4000), 0o600))
	}
	x := tr.Index(file, nextHour)
	must(x.Hash(paths))
	must(0, x.Save())
	b.Run("files", func(b *testing.B) {
		for b.Loop() {
			must(tr.Files(context.Background()))
		}
	})
	b.Run("hash", func(b *testing.B) {
		for b.Loop() {
			must(tr.Index(file, nextHour).Hash(paths))
		}
	})
}
