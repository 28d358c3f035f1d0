package runner

import (
	"context"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/tree"
)

// StepInputs are the files of the project that a step in a container gets.
type StepInputs struct {
	// Names are sorted.
	Names []string
	// Guarded are those that a step of effect "reads" may not change.
	Guarded []string
	// Sum identifies the names and the contents.
	Sum string
}

// StepInputs returns the files that a step sees: those that its inputs name or, if it names none, all that no
// step makes. The outputs of the steps in also are added as they are on the disk. The outputs of the steps in
// without are left out, since they come from the engine.
func (f *Files) StepInputs(ctx context.Context, s Step, all, also, without []Step) (StepInputs, error) {
	v, err := f.now(ctx)
	if err != nil {
		return StepInputs{}, err
	}
	var made, elsewhere []string
	for _, other := range all {
		made = append(made, other.Made()...)
	}
	for _, other := range without {
		for _, name := range other.Made() {
			elsewhere = append(elsewhere, "!"+name)
		}
	}
	names := f.inputNames(v, s, made)
	if len(elsewhere) > 0 {
		names = tree.Match(elsewhere, names)
	}
	for _, other := range also {
		made, err := f.below(other.Plan.Outputs)
		if err != nil {
			return StepInputs{}, err
		}
		names = append(names, made...)
	}
	slices.Sort(names)
	return f.inputsOf(v, slices.Compact(names))
}

func (f *Files) inputsOf(v *view, names []string) (StepInputs, error) {
	sums, err := f.hash(v, names)
	if err != nil {
		return StepInputs{}, err
	}
	names = slices.DeleteFunc(names, func(name string) bool { _, there := sums[name]; return !there })
	words := make([]string, 0, 2*len(names))
	for _, name := range names {
		words = append(words, name, sums[name].String())
	}
	guarded := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, is := slices.BinarySearch(v.guarded, name)
		return !is
	})
	return StepInputs{Names: names, Guarded: guarded, Sum: cache.Key(words...)}, nil
}

// below returns the files at and below paths, whether or not git lists them. Files that are missing, or that
// the user may not read, are left out.
func (f *Files) below(paths []string) (names []string, err error) {
	root, err := f.root()
	if err != nil {
		return nil, err
	}
	for _, at := range paths {
		err := fs.WalkDir(root.FS(), path.Clean(at), func(name string, d fs.DirEntry, err error) error {
			if tree.IsUnknown(err) {
				return err
			}
			if err == nil && !d.IsDir() {
				names = append(names, name)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// Changed says that something other than a step of this process may have changed or made files.
func (f *Files) Changed() { f.changed() }

// Ignored returns those of the names that git ignores, whether or not there are such files.
func (f *Files) Ignored(ctx context.Context, names []string) ([]string, error) {
	v, err := f.now(ctx)
	if err != nil || !v.git || len(names) == 0 {
		return nil, err
	}
	return f.tree.Ignored(ctx, names)
}

// Root returns the folder of the project, which no path leads out of.
func (f *Files) Root() (*os.Root, error) { return f.root() }
