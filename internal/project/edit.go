package project

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/davit-dev/davit/internal/fault"
)

// SetPlugin returns the text of project.toml in which a plugin is published under a reference and has a grant. All else
// stays as it is written.
func SetPlugin(text []byte, name, ref string, grant Grant) ([]byte, error) {
	lines := strings.SplitAfter(string(text), "\n")
	first, end := tableOf(lines, name)
	if first < 0 {
		return check(text, []byte(appended(string(text), table(name, ref, grant))), name, &ref, grant)
	}
	var others []string
	for _, line := range lines[first+1 : end] {
		if key, _, _ := strings.Cut(line, "="); strings.TrimSpace(key) != "from" && strings.TrimSpace(key) != "grant" {
			others = append(others, line)
		}
	}
	edited := strings.Join(lines[:first], "") + table(name, ref, grant) + strings.Join(others, "") + strings.Join(lines[end:], "")
	return check(text, []byte(edited), name, &ref, grant)
}

// RemovePlugin returns the text of project.toml without the table of a plugin.
func RemovePlugin(text []byte, name string) ([]byte, error) {
	lines := strings.SplitAfter(string(text), "\n")
	first, end := tableOf(lines, name)
	if first < 0 {
		return nil, editError(name)
	}
	before := strings.TrimRight(strings.Join(lines[:first], ""), "\n")
	after := strings.Join(lines[end:], "")
	if before != "" {
		before += "\n"
	}
	if before != "" && after != "" {
		before += "\n"
	}
	return check(text, []byte(before+after), name, nil, Grant{})
}

// tableOf returns the line of the head of a plugin's table, or -1, and the line behind the table.
func tableOf(lines []string, name string) (first, end int) {
	first = -1
	for i, line := range lines {
		line = strings.TrimSpace(line)
		switch {
		case first < 0 && strings.HasPrefix(line, "[plugins."+name+"]"):
			first = i
		case first >= 0 && strings.HasPrefix(line, "["):
			return first, i
		}
	}
	return first, len(lines)
}

// table returns the head of a plugin's table, and the lines that davit writes in it.
func table(name, ref string, grant Grant) string {
	text := fmt.Sprintf("[plugins.%s]\nfrom = %s\n", name, quoted(ref))
	var parts []string
	if len(grant.Env) > 0 {
		var names []string
		for _, n := range grant.Env {
			names = append(names, quoted(n))
		}
		parts = append(parts, "env = ["+strings.Join(names, ", ")+"]")
	}
	if grant.WriteCI {
		parts = append(parts, "write-ci = true")
	}
	if len(parts) > 0 {
		text += "grant = { " + strings.Join(parts, ", ") + " }\n"
	}
	return text
}

// appended returns a text with a table behind it.
func appended(text, table string) string {
	if text = strings.TrimRight(text, "\n"); text != "" {
		text += "\n\n"
	}
	return text + table
}

// check returns the edited text, if it means what was meant: the plugin is as given, or absent without a reference, and
// all else is as it was. TOML can be written in ways that an edit of lines does not see.
func check(was, edited []byte, name string, ref *string, grant Grant) ([]byte, error) {
	old, err := Parse(was)
	if err != nil {
		return nil, err
	}
	now, err := Parse(edited)
	if err != nil {
		return nil, editError(name)
	}
	wanted := old.Plugins[name]
	got, there := now.Plugins[name]
	if ref != nil {
		wanted.From, wanted.Grant = *ref, grant
		if !reflect.DeepEqual(got, wanted) {
			return nil, editError(name)
		}
	} else if there {
		return nil, editError(name)
	}
	delete(old.Plugins, name)
	delete(now.Plugins, name)
	if len(old.Plugins)+len(now.Plugins) == 0 {
		old.Plugins, now.Plugins = nil, nil
	}
	old.data, now.data = nil, nil
	if !reflect.DeepEqual(old, now) {
		return nil, editError(name)
	}
	return edited, nil
}

func editError(name string) error {
	return fault.Preconditionf("edit "+File+" by hand", "[plugins.%s] in %s is written in a way that davit does not change", name, File)
}

// SetConvention returns the text of project.toml in which the convention has a name. All else stays as it is written.
func SetConvention(text []byte, name string) ([]byte, error) {
	whole := string(text)
	if whole != "" && !strings.HasSuffix(whole, "\n") {
		whole += "\n"
	}
	lines, set := strings.SplitAfter(whole, "\n"), "convention = "+quoted(name)+"\n"
	i := slices.IndexFunc(lines, func(line string) bool { return !strings.HasPrefix(line, "#") }) // what is behind the last line, too
	at := slices.IndexFunc(lines, func(line string) bool {
		key, _, _ := strings.Cut(line, "=")
		return strings.TrimSpace(key) == "convention" || isTable(line)
	})
	switch {
	case at >= 0 && !isTable(lines[at]):
		lines[at] = set
	case isTable(lines[i]):
		lines[i] = set + "\n" + lines[i]
	default:
		lines[i] = set + lines[i]
	}
	edited := strings.Join(lines, "")
	return checkConvention(text, []byte(edited), name)
}

func isTable(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "[") }

// checkConvention returns the edited text, if the convention has the name in it and all else is as it was.
func checkConvention(was, edited []byte, name string) ([]byte, error) {
	old, err := Parse(was)
	if err != nil {
		return nil, err
	}
	now, err := Parse(edited)
	if err == nil {
		old.Convention, old.data, now.data = name, nil, nil
	}
	if err != nil || !reflect.DeepEqual(old, now) {
		return nil, fault.Preconditionf("edit "+File+" by hand", "convention in %s is written in a way that davit does not change", File)
	}
	return edited, nil
}
