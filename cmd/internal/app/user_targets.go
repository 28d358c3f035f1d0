package app

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	goruntime "runtime"
	"slices"
	"strings"

	"github.com/davit-dev/davit/conventions"
	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/regular"
	"github.com/davit-dev/davit/internal/tree"
	"github.com/davit-dev/davit/internal/ui"
)

// userFile returns the path of the user's own project.toml, or "" without a home.
func userFile(env func(string) string) string {
	if dir := env("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "davit", project.File)
	}
	for _, name := range []string{"HOME", "USERPROFILE"} {
		if home := env(name); filepath.IsAbs(home) {
			return filepath.Join(home, ".config", "davit", project.File)
		}
	}
	return ""
}

// ReadUser reads the user's own project.toml. It is nil if there is none, or if it is that of the project in a folder.
func ReadUser(env func(string) string, root string) (*project.Project, error) {
	file := userFile(env)
	data, err := regular.Read(file, regular.Config)
	if errors.Is(err, fs.ErrNotExist) || file == "" || file == filepath.Join(root, project.File) {
		return nil, nil
	}
	if err != nil {
		return nil, usage("", "%s cannot be read: %s", file, regular.Reason(err))
	}
	return project.ParseUser(file, data)
}

// addUserTargets adds the targets of the user's own project.toml under names that nothing in the project has. What is wrong
// in that file is a warning: no project depends on its targets.
func (l loader) addUserTargets() {
	user, err := ReadUser(l.env, l.Root.Dir)
	if l.warnUser(err); user == nil || err != nil {
		return
	}
	user.KeepSystem(goruntime.GOOS)
	for _, name := range slices.Sorted(maps.Keys(user.Targets)) {
		l.warnUser(l.addUserTarget(user, name))
	}
}

// warnUser adds a warning about the first fault in the user's own project.toml.
func (l loader) warnUser(err error) {
	if all := ui.Split(err); len(all) > 0 {
		w := Warning{Text: all[0].Error()}
		if h := ui.Hinter(nil); errors.As(all[0], &h) {
			w.Hint = h.Hint()
		}
		l.Warnings = append(l.Warnings, w)
	}
}

func (l loader) addUserTarget(user *project.Project, name string) error {
	key := []string{"targets", name}
	switch fault := tree.GlobsFault(user.Targets[name].Inputs); {
	case l.convention.Knows(name):
		return user.Fault(key, "give it another name", "%q means something in each project, which only a project can say", name)
	case slices.Contains(l.Commands, name):
		return user.Fault(key, "give it another name", "%q is a command of davit", name)
	case fault != "":
		return user.Fault(append(key, "inputs"), "", "inputs: %s", fault)
	case l.offers(name):
		return nil
	}
	if l.Config.Targets == nil {
		l.Config.Targets = map[string]project.Target{}
	}
	l.Config.Targets[name] = user.Targets[name]
	l.personal[name] = l.tilde(user.File)
	return nil
}

// offers reports whether anything in the project has a target of a name.
func (l loader) offers(name string) bool {
	_, own := l.Config.Targets[name]
	return own || slices.ContainsFunc(l.Offers, func(o conventions.Offer) bool { return len(o.Plan.Targets[name]) > 0 })
}

// tilde returns a path with "~" for the home of the user.
func (p *Project) tilde(path string) string {
	if below, ok := strings.CutPrefix(path, p.env("HOME")+string(os.PathSeparator)); ok {
		return "~/" + filepath.ToSlash(below)
	}
	return path
}

// Personal returns the file of a target that is the user's own, and none of the project; "" for the others.
func (p *Project) Personal(target string) string { return p.personal[target] }

// Empty reports whether davit finds nothing in the folder of the project: all targets are the user's own.
func (p *Project) Empty() bool {
	for _, o := range p.Offers {
		if o.Provider != ownProvider || len(p.sharedTargets()) > 0 {
			return false
		}
	}
	return true
}

// sharedTargets returns the names of the targets of project.toml that are in the project.
func (p *Project) sharedTargets() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.Config.Targets)), func(name string) bool { return p.Personal(name) != "" })
}

// shared reports whether a target is for all who work on the project: neither hidden nor the user's own.
func (p *Project) shared(target string) bool { return !p.Hidden(target) && p.Personal(target) == "" }
