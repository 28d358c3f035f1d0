package compose

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/davit-dev/davit/runner/deploy/release"
)

// outsideKey is in a release, and has the files outside of the project that it was made from, by service.
const outsideKey = "x-davit-outside-files"

// outsideFiles returns the files outside of the project that are read for the services: for a config or a secret,
// with variables or labels, or as a Compose file. A release has kept them.
func (m *Model) outsideFiles() (all []release.Access) {
	if m.source.fromRelease {
		return m.keptOutsideFiles()
	}
	outside := func(service, file string) {
		for _, name := range m.outside(file) {
			all = append(all, release.Access{Service: service, Name: accessOutside + ":" + name})
		}
	}
	ofAll := m.composeFiles()
	for name, s := range m.real.Services {
		for _, file := range append(m.filesOf(s), ofAll...) {
			outside(name, file)
		}
	}
	return all
}

// filesOf returns the files that are read for one service.
func (m *Model) filesOf(s types.ServiceConfig) (files []string) {
	for _, f := range s.EnvFiles {
		files = append(files, f.Path)
	}
	files = append(files, s.LabelFiles...)
	for _, c := range s.Configs {
		files = append(files, m.real.Configs[c.Source].File)
	}
	for _, c := range s.Secrets {
		files = append(files, m.real.Secrets[c.Source].File)
	}
	return files
}

// composeFiles returns the files that the Compose files include and extend, and their files with variables.
// Those that project.toml names are meant.
func (m *Model) composeFiles() (files []string) {
	for _, d := range m.source.documents() {
		if !slices.Contains(m.source.files, d.file) {
			files = append(files, d.file)
		}
		for _, n := range items(value(d.root, "include")) {
			for _, file := range scalars(value(n, "env_file")) {
				files = append(files, absolute(filepath.Dir(d.file), m.source.substitute(file.Value)))
			}
		}
	}
	return files
}

// outside returns a file, or what it is a link to, if that is not in the project.
func (m *Model) outside(file string) []string {
	if file == "" || !isFile(file) {
		return nil
	}
	file = absolute(m.env.Dir, file)
	dir, target := m.env.Dir, file
	if to, err := filepath.EvalSymlinks(dir); err == nil {
		dir = to
	}
	if to, err := filepath.EvalSymlinks(file); err == nil {
		target = to
	}
	if inside, err := filepath.Rel(dir, target); err == nil && filepath.IsLocal(inside) {
		return nil
	}
	return []string{filepath.ToSlash(target)}
}

// keptOutsideFiles returns the files that a release has kept.
func (m *Model) keptOutsideFiles() (all []release.Access) {
	kept, _ := m.real.Extensions[outsideKey].(map[string]any)
	for service, files := range kept {
		list, _ := files.([]any)
		for _, file := range list {
			if name, ok := file.(string); ok {
				all = append(all, release.Access{Service: service, Name: accessOutside + ":" + name})
			}
		}
	}
	return all
}

// keepOutsideFiles has a release keep them.
func (m *Model) keepOutsideFiles(p *types.Project) {
	kept := map[string]any{}
	all := m.outsideFiles()
	release.SortAccess(all)
	for _, a := range slices.Compact(all) {
		files, _ := kept[a.Service].([]any)
		kept[a.Service] = append(files, strings.TrimPrefix(a.Name, accessOutside+":"))
	}
	p.Extensions = nil
	if len(kept) > 0 {
		p.Extensions = types.Extensions{outsideKey: kept}
	}
}
