package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/davit-dev/davit/plugins/sdk/toml"
)

// loadPyproject reads pyproject.toml: the standard tables, then those of the tools that are older than the
// standard.
func (pr *project) loadPyproject() (err error) {
	if pr.pyproject, err = toml.Parse(pr.manifest("pyproject.toml")); err != nil {
		return inFile(pr.at("pyproject.toml"), err)
	}
	pr.backend = toml.String(pr.pyproject, "build-system", "build-backend")
	pr.isPackage = toml.Has(pr.pyproject, "build-system")
	pr.readProjectTable()
	pr.readGroups()
	pr.readPoetry()
	pr.readToolGroups()
	return nil
}

// readProjectTable reads [project] (PEP 621).
func (pr *project) readProjectTable() {
	table := toml.Table(pr.pyproject, "project")
	pr.name = toml.String(table, "name")
	pr.python = toml.String(table, "requires-python")
	pr.runtime = requirements(toml.Strings(table, "dependencies"))
	for extra := range toml.Table(table, "optional-dependencies") {
		pr.extras[extra] = requirements(toml.Strings(table, "optional-dependencies", extra))
	}
	for name := range toml.Table(table, "scripts") {
		pr.scripts[name] = toml.String(table, "scripts", name)
	}
}

// readGroups reads [dependency-groups] (PEP 735), in which a group may include others.
func (pr *project) readGroups() {
	table := toml.Table(pr.pyproject, "dependency-groups")
	for name := range table {
		pr.groups[name] = groupOf(table, name, nil)
	}
}

// groupOf returns a group with the groups that it includes. The trail stops a cycle, which PEP 735 forbids
// and its tools report.
func groupOf(table map[string]any, name string, trail []string) (out []requirement) {
	if slices.Contains(trail, normalize(name)) {
		return nil
	}
	trail = append(slices.Clone(trail), normalize(name))
	for key := range table {
		if normalize(key) != normalize(name) {
			continue
		}
		for _, item := range toml.List(table, key) {
			switch item := item.(type) {
			case string:
				out = append(out, requirements([]string{item})...)
			case map[string]any:
				out = append(out, groupOf(table, toml.String(item, "include-group"), trail)...)
			}
		}
	}
	return out
}

// readPoetry reads [tool.poetry], the form that poetry used before the standard table and that many projects
// still have.
func (pr *project) readPoetry() {
	table := toml.Table(pr.pyproject, "tool", "poetry")
	if pr.name == "" {
		pr.name = toml.String(table, "name")
	}
	deps := toml.Table(table, "dependencies")
	if pr.python == "" {
		pr.python = toml.String(deps, "python")
	}
	if len(pr.runtime) == 0 {
		pr.runtime = poetryList(deps, true)
	}
	for extra := range toml.Table(table, "extras") {
		pr.extras[extra] = requirements(toml.Strings(table, "extras", extra))
	}
	if toml.Has(table, "dev-dependencies") {
		pr.groups["dev"] = append(pr.groups["dev"],
			poetryList(toml.Table(table, "dev-dependencies"), false)...)
	}
	for group := range toml.Table(table, "group") {
		pr.groups[group] = append(pr.groups[group],
			poetryList(toml.Table(table, "group", group, "dependencies"), false)...)
	}
	for name := range toml.Table(table, "scripts") {
		pr.scripts[name] = toml.String(table, "scripts", name)
	}
}

// poetryList converts poetry's table of dependencies to requirements. Optional ones are not needed at run
// time.
func poetryList(table map[string]any, runtime bool) (out []requirement) {
	for _, name := range slices.Sorted(maps.Keys(table)) {
		optional := toml.Bool(table, name, "optional")
		if name != "python" && !(runtime && optional) {
			out = append(out, poetryRequirement(name, table[name]))
		}
	}
	return out
}

func poetryRequirement(name string, v any) requirement {
	switch v := v.(type) {
	case string:
		return requirement(name + specifier(v))
	case map[string]any:
		return requirement(name + extrasOf(v) + specifier(toml.String(v, "version")) + markerOf(v))
	}
	return requirement(name)
}

func extrasOf(v map[string]any) string {
	if extras := toml.Strings(v, "extras"); len(extras) > 0 {
		return "[" + strings.Join(extras, ",") + "]"
	}
	return ""
}

// markerOf converts poetry's "markers" and "python" to one marker of pip.
func markerOf(v map[string]any) string {
	var all []string
	if m := toml.String(v, "markers"); m != "" {
		all = append(all, "("+m+")")
	}
	for _, part := range strings.Split(specifier(toml.String(v, "python")), ",") {
		if c, ok := parseClause(part); ok && !c.star {
			all = append(all, fmt.Sprintf("python_version %s %q", c.op, c.version))
		}
	}
	if len(all) == 0 {
		return ""
	}
	return "; " + strings.Join(all, " and ")
}

// readToolGroups reads the development groups of uv, pdm and hatch that are older than the standard.
func (pr *project) readToolGroups() {
	tool := toml.Table(pr.pyproject, "tool")
	pr.groups["dev"] = append(pr.groups["dev"], requirements(toml.Strings(tool, "uv", "dev-dependencies"))...)
	for group := range toml.Table(tool, "pdm", "dev-dependencies") {
		pr.groups[group] = append(pr.groups[group],
			requirements(toml.Strings(tool, "pdm", "dev-dependencies", group))...)
	}
	for name := range toml.Table(tool, "hatch", "envs") {
		for _, key := range []string{"dependencies", "extra-dependencies"} {
			pr.groups[hatchGroup(name)] = append(pr.groups[hatchGroup(name)],
				requirements(toml.Strings(tool, "hatch", "envs", name, key))...)
		}
	}
	maps.DeleteFunc(pr.groups, func(_ string, list []requirement) bool { return len(list) == 0 })
}

// hatchGroup returns the name of a group for an environment of hatch. The default environment is for
// development.
func hatchGroup(env string) string {
	switch env {
	case "default":
		return "dev"
	case "hatch-test":
		return "test"
	}
	return env
}
