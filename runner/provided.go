package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/davit-dev/davit/internal/cache"
	"github.com/davit-dev/davit/internal/environ"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/ui"
	"github.com/davit-dev/davit/plugins/plan"
)

// environmentMark is a file in an environment that davit made. Its first word is "made", or "unfinished" while
// the environment is being made.
const environmentMark = ".davit"

// provides returns the environment in the project that a step fills, or nil.
func (s Step) provides() *plan.Provides {
	if s.Inside {
		return nil
	}
	return s.Plan.Provides
}

// Optional reports whether an output may be missing after the step. Of the folders of an environment, those of members
// of a workspace have nothing in them if all is in the root, and none has if nothing is to be installed.
func (s Step) Optional(output string) bool {
	p := s.Plan.Provides
	return p != nil && (p.Empty || path.Clean(output) != path.Clean(p.Dir)) &&
		slices.ContainsFunc(s.Plan.Outputs, func(name string) bool { return path.Clean(name) == path.Clean(output) })
}

// installed returns the stamp of an environment: what its folders say of the packages in them. While the
// environment does not exist, what is installed for the program that checks for it counts in its place.
func (c *Cache) installed(s Step) (string, error) {
	sums, files := map[string]string{}, []string{}
	for _, name := range s.Plan.Outputs {
		if !strings.HasSuffix(name, "/") {
			files = append(files, name)
			continue
		}
		e, err := c.files.tree.Environment(path.Clean(name))
		if err != nil {
			return "", err
		}
		if sums[name] = e.Record; !c.exists(name) {
			sums[name] = "missing"
		}
		if c.broken(name) != "" {
			sums[name] = "broken"
		}
	}
	found, err := c.describe(files)
	for _, o := range found {
		sums[o.Path] = o.Sum
	}
	if c.o.Installed != nil && len(s.Plan.Provides.Check) > 0 && !c.exists(s.Plan.Provides.Dir) {
		sums["installed elsewhere"] = c.o.Installed(s)
	}
	return digest(sums), err
}

func (c *Cache) exists(name string) bool {
	root, err := c.files.root()
	if err != nil {
		return false
	}
	_, err = root.Lstat(local(name))
	return err == nil
}

// stampOf is installed, once for each view of the files.
func (c *Cache) stampOf(ctx context.Context, s Step) (string, error) {
	v, err := c.files.now(ctx)
	if err != nil {
		return "", err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if known, ok := v.installed[s.ID]; ok {
		return known, nil
	}
	stamp, err := c.installed(s)
	if err == nil {
		v.installed[s.ID] = stamp
	}
	return stamp, err
}

// addProvidedVariables adds those of the caller's variables to a fingerprint that decide what is installed.
func (c *Cache) addProvidedVariables(s Step, f *fingerprint) {
	named := namesOf(s.Plan.Provides.Variables)
	f.Caller = map[string]string{}
	for name, value := range c.caller() {
		if _, own := s.Plan.Env[name]; named.has(name) && !own {
			f.Caller[name] = value + c.filesNamedBy(s, environ.Get(c.o.Env, name))
		}
	}
}

// filesNamedBy identifies the contents of the files that the value of a variable names, such as those of
// PIP_CONSTRAINT, or "".
func (c *Cache) filesNamedBy(s Step, value string) (sums string) {
	for _, name := range strings.Fields(value) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(c.files.tree.Dir(), filepath.FromSlash(s.Plan.Dir), name)
		}
		if text, err := regular.Read(name, regular.Config); err == nil {
			sums += " " + cache.Key("file", string(text))[:16]
		}
	}
	return sums
}

// tracked returns a file of the environment that git tracks: then the environment belongs to the project, and
// is neither filled nor removed.
func (c *Cache) tracked(ctx context.Context, s Step) (name string, err error) {
	v, err := c.files.now(ctx)
	if err != nil || !v.git {
		return "", err
	}
	dirs := []string{s.Plan.Provides.Dir}
	if s.Plan.Provides.Disposable {
		dirs = s.Plan.Outputs
	}
	for _, dir := range dirs {
		dir = path.Clean(dir) + "/"
		i, _ := slices.BinarySearch(v.guarded, dir)
		if i < len(v.guarded) && strings.HasPrefix(v.guarded[i], dir) {
			return v.guarded[i], nil
		}
	}
	return "", nil
}

// refuseToFill returns the result of a step whose environment is not to be filled, since git tracks what is in it or
// it is a link.
func (l *lookup) refuseToFill(ctx context.Context) (r Result, refused bool) {
	s := l.step
	tracked, err := l.tracked(ctx, s)
	switch {
	case err != nil:
		return unreadableInputs(ctx, err), true
	case tracked != "":
		return Result{Status: ui.StatusSkipped, Reason: fmt.Sprintf("git tracks %q: what is there is used", tracked)}, true
	}
	if added := l.linkedSince(s); added != "" {
		return Result{Status: ui.StatusSkipped, Reason: fmt.Sprintf("a package is linked to %s: what is there is used",
			filepath.ToSlash(added))}, true
	}
	if target := l.linked(s.Plan.Provides.Dir); target != "" {
		return Result{Status: ui.StatusSkipped, Reason: fmt.Sprintf("%q is a link to %q: what is there is used",
			path.Clean(s.Plan.Provides.Dir), target)}, true
	}
	return Result{}, false
}

// linkedFolders returns the folders outside of the project that packages of an environment are linked to.
func (c *Cache) linkedFolders(s Step) (dirs []string) {
	for _, name := range s.Plan.Outputs {
		if !strings.HasSuffix(name, "/") {
			continue
		}
		if e, err := c.files.tree.Environment(path.Clean(name)); err == nil {
			dirs = append(dirs, e.Outside...)
		}
	}
	return dirs
}

// linkedSince returns a folder that a package was linked to since the environment was filled, as by "npm link", or "".
func (c *Cache) linkedSince(s Step) string {
	var stored entries
	if !s.Plan.Provides.Disposable || c.o.Force || !c.store.Load(c.entryKey(s, ""), &stored) || len(stored.Entries) == 0 {
		return ""
	}
	for _, dir := range c.linkedFolders(s) {
		if !slices.Contains(stored.Entries[0].Linked, dir) {
			return dir
		}
	}
	return ""
}

// linked returns the target of an environment that is a link, or "". What is in it is somebody else's.
func (c *Cache) linked(dir string) string {
	root, err := c.files.root()
	if err != nil {
		return ""
	}
	target, err := root.Readlink(local(dir))
	if err != nil {
		return ""
	}
	return filepath.ToSlash(target)
}

// makeAnew removes an environment that is to be made anew.
func (l *lookup) makeAnew(ctx context.Context, emit func(ui.Event)) error {
	s, dirs := l.step, l.removable(l.step)
	why, anew := l.mustBeAnew(ctx)
	if !anew || l.o.Locked {
		return nil
	}
	if len(dirs) == 0 {
		return l.keep(why, emit)
	}
	if why != "" {
		emit(ui.Event{Type: ui.EventWarning, Step: s.ID,
			Text: fmt.Sprintf("%s is made anew: %s", strings.Join(dirs, ", "), why)})
	}
	l.store.Drop(l.entryKey(s, l.key))
	root, err := l.files.root()
	for _, dir := range dirs {
		err = errors.Join(err, removeAll(ctx, root, dir))
	}
	l.files.changed()
	return err
}

// removeAll removes a folder. What a package manager still writes into it, of a davit that was killed, is removed too:
// such a manager ends at the next word that it says.
func removeAll(ctx context.Context, root *os.Root, dir string) error {
	err := root.RemoveAll(local(dir))
	for tries := 0; err != nil && ctx.Err() == nil && tries < removals; tries++ {
		time.Sleep(removalPause)
		err = root.RemoveAll(local(dir))
	}
	return err
}

// removals is how often it is tried, with removalPause between two tries.
const (
	removals     = 50
	removalPause = 100 * time.Millisecond
)

// keep keeps an environment that may have something of the user's own in it. A broken one is set aside.
func (l *lookup) keep(why string, emit func(ui.Event)) error {
	dir := path.Clean(l.step.Plan.Provides.Dir)
	if !l.exists(dir) || why == "" {
		return nil
	}
	text := fmt.Sprintf("%s is kept, since davit did not make it", dir)
	if broken := l.broken(dir); broken != "" {
		name, err := l.setAside(dir)
		if err != nil {
			return err
		}
		l.files.changed()
		text = fmt.Sprintf("%s is made anew: %s; the old one is %s", dir, broken, name)
	}
	emit(ui.Event{Type: ui.EventWarning, Step: l.step.ID, Text: text})
	return nil
}

// mustBeAnew reports whether an environment is to be made anew, and why, unless that is the rule: the user asked for
// that, the command needs an empty one, or it was changed since davit filled it, by something else than what it is made
// from.
func (l *lookup) mustBeAnew(ctx context.Context) (why string, anew bool) {
	s := l.step
	before := l.load(s, l.key)
	foreign := slices.IndexFunc(s.Plan.Provides.Foreign, l.exists)
	switch {
	case l.o.Force && len(s.Targets) > 0:
		return "--force", true
	case len(before) > 0 && before[0].Skipped == "" && before[0].Stamp != l.stampNow(ctx):
		return "what is installed was changed since", true
	case l.broken(s.Plan.Provides.Dir) != "":
		return l.broken(s.Plan.Provides.Dir), true
	case l.otherTool() != "":
		return "it was made with " + l.otherTool(), true
	case l.unfinished(s):
		return "the run that filled it was interrupted", true
	case foreign >= 0:
		return "another package manager left " + s.Plan.Provides.Foreign[foreign], true
	}
	return "", s.Plan.Provides.Fresh
}

// otherTool returns the tool in another version with which an environment was filled of which nothing is the user's
// own, or "". What was compiled for it may not work now, and package managers do not see that.
func (l *lookup) otherTool() string {
	last, ok := l.lastRecord(l.step.ID, time.Time{})
	if !ok || !l.step.Plan.Provides.Disposable || last.Fingerprint.Where != l.f.Where || last.Fingerprint.Tool == l.f.Tool {
		return ""
	}
	return last.Fingerprint.Tool
}

// unfinished reports whether the last run that filled an environment did not end by itself: then it may be half of one
// lock file and half of another, whatever the package manager has noted.
func (c *Cache) unfinished(s Step) bool {
	var stored entries
	return c.store.Load(c.entryKey(s, ""), &stored) &&
		slices.ContainsFunc(stored.Entries, func(e entry) bool { return e.Unfinished })
}

// removable returns the folders of an environment, as far as they exist and nothing in them is the user's own.
func (c *Cache) removable(s Step) (dirs []string) {
	all := []string{s.Plan.Provides.Dir}
	if s.Plan.Provides.Disposable {
		all = s.Plan.Outputs
	} else if !c.madeByDavit(s.Plan.Provides.Dir) {
		return nil
	}
	for _, dir := range all {
		if strings.HasSuffix(dir, "/") && c.exists(dir) {
			dirs = append(dirs, path.Clean(dir))
		}
	}
	return dirs
}

// madeByDavit reports whether an environment has the mark of those that davit made.
func (c *Cache) madeByDavit(dir string) bool {
	root, err := c.files.root()
	if err != nil {
		return false
	}
	mark, err := fs.ReadFile(regular.FS(root), path.Join(path.Clean(dir), environmentMark))
	word, _, _ := strings.Cut(strings.TrimSpace(string(mark)), " ")
	return err == nil && (word == "made" || word == "unfinished")
}

// fillKey returns the name of the lock of an environment, which all steps that fill it share.
func (c *Cache) fillKey(s Step) string {
	return cache.Key("environment", c.o.Project, path.Clean(s.Plan.Provides.Dir))
}

// notFilled returns why an environment does not have the stamp that a step left.
func notFilled(s Step, exists bool) string {
	dir := path.Clean(s.Plan.Provides.Dir)
	if !exists {
		return dir + " is not there any more"
	}
	return "what is installed in " + dir + " has changed since it ran"
}
