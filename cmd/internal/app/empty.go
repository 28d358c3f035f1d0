package app

import (
	"fmt"
	"maps"
	"slices"

	"github.com/davit-dev/davit/internal/project"
	"github.com/davit-dev/davit/internal/text"
)

// EmptyError returns an error that says how to start in a folder of which no plugin knows the files.
func (p *Project) EmptyError() error {
	if len(p.Failures) > 0 {
		return incomplete("the list of targets", p.Failures)
	}
	if p.HasFile && (len(p.Config.Environments) > 0 || project.HasComposeFile(p.Root.Dir)) {
		return usage("davit env lists the environments; [targets.NAME] in project.toml adds a target",
			"%s has environments and no targets, and no plugin knows more of its files", p.Root.Dir)
	}
	if off := p.pluginsOff(); p.HasFile && len(off) > 0 {
		return usage("[targets.NAME] in project.toml adds a target, and without off = true the plugin finds them",
			"%s has a project.toml without targets, and switches plugin %s off", p.Root.Dir, text.And(off))
	}
	if p.HasFile {
		return usage("[targets.NAME] in project.toml adds a target",
			"%s has a project.toml without targets, and no plugin knows its files", p.Root.Dir)
	}
	if parts := p.UnknownParts(); len(parts) > 0 {
		first := parts[0]
		hint := "davit adopt writes a project.toml; [targets.NAME] in it adds a target"
		if command := inFolder(first); command != "" {
			hint = fmt.Sprintf("[targets.test] run = %q in project.toml; davit adopt writes such a file", command)
		}
		return usage(hint,
			"a %s project (%s): davit has no plugin for %s yet", first.Name, first.Path(), first.Name)
	}
	if project.HasComposeFile(p.Root.Dir) {
		return usage(
			"davit deploy dev brings up what the Compose file says; [targets.NAME] in project.toml adds a target",
			"no plugin knows more of this project than its Compose file")
	}
	where := "this folder is in no project"
	if p.Root.Marker != "" {
		where = "no plugin knows the files of this repository"
	}
	return usage("call davit in a repository, or begin a project here with: davit init, or a new one from a template: davit new", "%s", where)
}

// pluginsOff returns the plugins that project.toml switches off, by name.
func (p *Project) pluginsOff() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.Config.Plugins)),
		func(name string) bool { return !p.Config.Plugins[name].Off })
}
