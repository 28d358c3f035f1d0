package runner

import (
	"context"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/tree"
)

// An inputReader adds to a fingerprint the files that decide the result of a step.
type inputReader struct {
	*Cache
	view *view
	step Step
	f    *fingerprint
}

// container adds the files that a step in a container gets, with the modes that they have there.
func (in *inputReader) container() error {
	sums, err := in.files.hash(in.view, in.files.inputNames(in.view, in.step, in.madePaths))
	for name, sum := range sums {
		in.f.Inputs[name] = sum.String()
		in.f.files = append(in.f.files, name)
	}
	return err
}

// host adds the files that a step on the host depends on, with all bits of their modes.
func (in *inputReader) host(ctx context.Context) error {
	names := in.files.inputNames(in.view, in.step, in.madePaths)
	if len(in.step.Plan.Inputs) == 0 && in.view.git { // committed files count, whoever makes them
		names = append(names, without(in.step.Made(), tree.Match(in.madePaths, in.view.guarded))...)
	}
	if err := in.addNames(ctx, without(in.o.Ignore, names)); err != nil {
		return err
	}
	if err := in.checkGlobs(); err != nil {
		return err
	}
	if err := in.addSettings(ctx); err != nil {
		return err
	}
	if in.step.provides() != nil {
		return nil
	}
	if err := in.addDependencies(ctx); err != nil {
		return err
	}
	return in.addIgnored(ctx)
}

// without returns the names that match none of the globs.
func without(globs, names []string) []string {
	if len(globs) == 0 {
		return names
	}
	exclude := make([]string, len(globs))
	for i, glob := range globs {
		exclude[i] = "!" + glob
	}
	return tree.Match(exclude, names)
}

// addNames adds files of the project, and what the links among them lead to.
func (in *inputReader) addNames(ctx context.Context, names []string) error {
	sums, err := in.files.hash(in.view, names)
	if err != nil {
		return err
	}
	for name, sum := range sums {
		if _, known := in.f.Inputs[name]; known {
			continue
		}
		in.f.Inputs[name] = sum.Exact()
		in.f.files = append(in.f.files, name)
		if sum.Kind == tree.KindLink {
			if err := in.followLink(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// followLink adds what a link leads to: a file, or all files below a folder. A link that leads nowhere is its
// text.
func (in *inputReader) followLink(ctx context.Context, name string) error {
	full, err := filepath.EvalSymlinks(filepath.Join(in.files.tree.Dir(), filepath.FromSlash(name)))
	if err != nil {
		return nil
	}
	target, inside := in.files.outside.inside(full)
	if !inside {
		return in.addOutside(ctx, in.files.leadsOutside(name), in.f.Inputs)
	}
	if counts, err := in.counts(target); counts || err != nil {
		return err
	}
	below, err := in.files.below([]string{target})
	if err != nil {
		return err
	}
	if len(below) > tree.MaxUnlisted {
		in.f.doubt("the link %q leads to more than %d files", name, tree.MaxUnlisted)
		return nil
	}
	in.f.folders = append(in.f.folders, full)
	sums, err := in.files.hash(in.view, below)
	for name, sum := range sums {
		in.f.Inputs[name] = sum.Exact()
	}
	return err
}

// counts reports whether a file, or what is below a folder, counts already, since the step may read all files.
func (in *inputReader) counts(name string) (bool, error) {
	if len(in.step.Plan.Inputs) > 0 {
		return false, nil
	}
	if has(in.view.names, name) {
		return true, nil
	}
	found, err := in.view.ignored()
	return err == nil && has(found.files, name), err
}

// has reports whether a file, or a file in a folder of that name, is among sorted names.
func has(names []string, name string) bool {
	if _, there := slices.BinarySearch(names, name); there || name == "." {
		return true
	}
	i, _ := slices.BinarySearch(names, name+"/")
	return i < len(names) && strings.HasPrefix(names[i], name+"/")
}

// checkGlobs doubts a result if a glob that the user wrote matches nothing: it may be misspelt.
func (in *inputReader) checkGlobs() error {
	if !in.step.OwnInputs {
		return nil
	}
	found, err := in.view.ignored()
	if err != nil {
		return err
	}
	for _, glob := range in.step.Plan.Inputs {
		if !strings.HasPrefix(glob, "!") && !matchesAny(glob, in.view.names) && !matchesAny(glob, in.f.files) &&
			!matchesAny(glob, found.files) && !matchesAny(glob, in.madePaths) {
			in.f.doubt("inputs: %q matches no file", glob)
			in.f.misspelt = append(in.f.misspelt, in.f.doubts[len(in.f.doubts)-1]+", so its result is not kept")
		}
	}
	return nil
}

func matchesAny(glob string, names []string) bool { return len(tree.Match([]string{glob}, names)) > 0 }

// addDependencies adds the code outside of the project that its manifests name.
func (in *inputReader) addDependencies(ctx context.Context) error {
	for _, dir := range in.step.DependsOn {
		full := filepath.Join(in.files.tree.Dir(), filepath.FromSlash(dir))
		if err := in.addOutside(ctx, []string{full}, in.f.Inputs); err != nil {
			return err
		}
	}
	return nil
}

// addOutside adds to sums the files outside of the project that are at some paths, or below.
func (in *inputReader) addOutside(ctx context.Context, paths []string, sums map[string]string) error {
	for _, full := range paths {
		r, err := in.files.reach(ctx, in.view, full)
		if err != nil {
			return err
		}
		if r.doubt != "" {
			in.f.doubt("%s", r.doubt)
		}
		in.f.folders = append(in.f.folders, r.folders...)
		for name, sum := range r.sums {
			sums[name] = sum
		}
	}
	return nil
}

// addIgnored adds the files that git ignores, what other steps make of files that it does not ignore, and the
// environments. What needed steps make is left out: their keys stand for that.
func (in *inputReader) addIgnored(ctx context.Context) error {
	found, err := in.view.ignored()
	if err != nil {
		return err
	}
	in.f.Ignored = map[string]string{}
	narrowed := len(in.step.Plan.Inputs) > 0
	if found.doubt != "" && !in.namesInputs() {
		in.f.doubt("%s", found.doubt)
	}
	for _, name := range in.relevant(found.files) {
		if strings.HasPrefix(path.Base(name), ".env") { // people edit these, and no tool writes them
			in.f.Inputs[name] = found.sums[name]
			in.f.files = append(in.f.files, name)
			continue
		}
		in.f.Ignored[name] = found.sums[name]
	}
	if !narrowed {
		if err := in.addMadeByOthers(); err != nil {
			return err
		}
	}
	if narrowed && in.step.OwnInputs {
		return nil
	}
	for _, dir := range without(in.step.Made(), found.environments) {
		in.f.Ignored[dir] = found.sums[dir]
	}
	return in.addOutside(ctx, found.outside, in.f.Ignored)
}

// namesInputs reports whether inputs say what the step reads, and not only what it does not read.
func (in *inputReader) namesInputs() bool {
	return slices.ContainsFunc(in.step.Plan.Inputs, func(glob string) bool { return !strings.HasPrefix(glob, "!") })
}

// relevant returns those of the names of ignored files that the step may read.
func (in *inputReader) relevant(names []string) []string {
	names = without(in.o.Ignore, without(in.ownAndNeeded(), names))
	if globs := in.step.Plan.Inputs; len(globs) > 0 {
		names = tree.Match(globs, names)
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		_, named := in.f.Inputs[name]
		return named
	})
}

// ownAndNeeded returns the paths that the step, and the steps that it needs, make.
func (in *inputReader) ownAndNeeded() []string {
	return append(in.step.Made(), in.needed[in.step.ID]...)
}

// addMadeByOthers adds files that git lists and does not track, and that a step makes that this one does not
// need.
func (in *inputReader) addMadeByOthers() error {
	made := slices.DeleteFunc(in.relevant(tree.Match(in.madePaths, in.view.names)), func(name string) bool {
		_, tracked := slices.BinarySearch(in.view.guarded, name)
		return tracked && in.view.git
	})
	sums, err := in.files.hash(in.view, made)
	for name, sum := range sums {
		in.f.Ignored[name] = sum.Exact()
	}
	return err
}

// inputNames returns the files that decide the result of a step. What the step makes is not among them. If it
// does not say what it reads, what any step makes is left out, since the keys of the steps that it needs stand
// for that.
func (f *Files) inputNames(v *view, s Step, made []string) []string {
	if len(s.Plan.Inputs) == 0 {
		return without(slices.Concat(made, s.Made()), v.names)
	}
	names := without(s.Made(), v.names)
	found := tree.Match(s.Plan.Inputs, names)
	for _, glob := range s.Plan.Inputs {
		found = append(found, without(s.Made(), f.named(v, glob))...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// named returns the files that a glob names although git does not list them: a file, or those in a folder in
// which git lists nothing.
func (f *Files) named(v *view, glob string) []string {
	base := tree.FixedPart(glob)
	if strings.HasPrefix(glob, "!") || has(v.names, base) {
		return nil
	}
	below, err := f.below([]string{base})
	if err != nil || len(below) == 0 {
		return []string{base} // it counts as missing
	}
	return tree.Match([]string{glob}, below)
}
