package runner

import (
	"time"

	"github.com/davit-dev/davit/internal/tree"
)

// Files is what Guarded and Cached know of the files of the project. They share one, so that nothing is listed or hashed twice.
type Files struct {
	tree  *tree.Tree
	index *tree.Index
}

// NewFiles looks at a project. The file index, which may be empty, keeps hashes for the next run; now is the clock.
func NewFiles(t *tree.Tree, index string, now func() time.Time) *Files {
	return &Files{tree: t, index: t.Index(index, now)}
}

// Close writes the index. An error is one that the next run is only slower for.
func (f *Files) Close() error { return f.index.Save() }
